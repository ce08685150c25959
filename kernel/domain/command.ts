import type { z } from 'zod';
import { badInput } from './refusal.ts';

/** A declared command: its imperative name and the shape of its input. */
export interface CommandDefinition<Name extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly name: Name;
  readonly input: Schema;
  /** @throws Refused BAD_INPUT with the first field at fault */
  parse(input: unknown): z.infer<Schema>;
}

export type InputOf<D> = D extends CommandDefinition<string, infer S> ? z.infer<S> : never;

export function defineCommand<const Name extends string, Schema extends z.ZodType>(
  name: Name,
  input: Schema,
): CommandDefinition<Name, Schema> {
  return {
    name,
    input,
    parse(value) {
      const parsed = input.safeParse(value);
      if (parsed.success) return parsed.data;
      const [issue] = parsed.error.issues;
      const field = issue?.path.join('.') || 'input';
      throw badInput(field, `${field}: ${issue?.message ?? 'is not valid'}`);
    },
  };
}
