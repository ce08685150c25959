import { z } from 'zod';

/** What `docs/router.md` tells of a setting beside its default. */
export interface About {
  /** What the number counts: `ms`, `bytes`, … */
  readonly unit?: string;
  readonly description: string;
}

/** A whole number. */
export const whole = (otherwise: number, unit: string, description: string, least = 0) =>
  z.coerce.number().int().min(least).default(otherwise).meta({ unit, description });

/** One of several words. */
export const choice = <const Word extends string>(words: readonly [Word, ...Word[]], otherwise: NoInfer<Word>, description: string) =>
  z.enum(words).default(otherwise).meta({ description });

/** `true` or `false`. */
export const flag = (otherwise: boolean, description: string) =>
  z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .default(otherwise)
    .meta({ description });

/** Words, separated by commas. */
export const list = (otherwise: readonly string[], description: string) =>
  z
    .string()
    .transform((text) => text.split(',').flatMap((word) => word.trim() || []))
    .default([...otherwise])
    .meta({ description });

export type Shape = Readonly<Record<string, z.ZodType>>;
/** What a part's settings are, once read. */
export type Settings<Of extends Shape> = { readonly [Name in keyof Of]: z.output<Of[Name]> };

/** `bodyBytes` → `ROUTER_BODY_BYTES` */
export const variableOf = (setting: string): string => `ROUTER_${setting.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase()}`;

/** A part's shape with the names of the variables. */
export const variablesOf = <Of extends Shape>(shape: Of): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(shape).map(([name, type]) => [variableOf(name), type]));

/** The settings of a part, out of the parsed variables. */
export const settingsOf = <Of extends Shape>(shape: Of, variables: Readonly<Record<string, unknown>>): Settings<Of> =>
  Object.fromEntries(Object.keys(shape).map((name) => [name, variables[variableOf(name)]])) as Settings<Of>;

/** A part's settings where nothing is set. */
export const defaultsOf = <Of extends Shape>(shape: Of): Settings<Of> => z.object(shape).parse({}) as Settings<Of>;
