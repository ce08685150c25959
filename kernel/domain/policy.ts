import type { z } from 'zod';
import type { EventDefinition, Received } from './event.ts';

/**
 * A business reaction: when that happened, this is to be done. Pure: it says which command's input follows from the event, or nothing.
 * Its name is its file's name; with the event's id it makes the effect happen once.
 */
export interface Policy<Input = unknown, Data = unknown> {
  readonly name: string;
  readonly when: EventDefinition;
  readonly then: (event: Received<Data>) => Input | null;
}

/** Declares a policy: `policy('start-delivery-when-application-paid', TextbookApplicationPaid, (event) => ({ … }))`. */
export function policy<Name extends string, Schema extends z.ZodType, Input>(
  name: string,
  when: EventDefinition<Name, Schema>,
  then: (event: Received<z.infer<Schema>>) => Input | null,
): Policy<Input, z.infer<Schema>> {
  return { name, when: when as unknown as EventDefinition, then };
}
