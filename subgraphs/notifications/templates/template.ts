import { badInput } from '@madang/kernel/domain';
import { z } from 'zod';
import type { TemplateValues } from '../commands.ts';

export interface Text {
  readonly title: string;
  readonly body: string;
}

/** Writes a message's text from the values that it names. @throws Refused BAD_INPUT with the first value at fault */
export type Template = (values: TemplateValues) => Text;

export const template =
  <Values extends z.ZodType>(values: Values, text: (values: z.infer<Values>) => Text): Template =>
  (given) => {
    const { data, error } = values.safeParse(given);
    if (!error) return text(data);
    const [issue] = error.issues;
    const field = ['values', ...(issue?.path ?? [])].join('.');
    throw badInput(field, `${field}: ${issue?.message ?? 'is not valid'}`);
  };

/** Values come as text from another context, as numbers from an event. */
export const amount = z.coerce.number().int().nonnegative();
export const words = z.string().min(1);

export const won = (value: number): string => `${value.toLocaleString('ko-KR')}원`;

export const inPoints = (value: number): string => `${value.toLocaleString('ko-KR')}포인트`;
