/** What resolvers take and give, and what callers send and get, for the scalars that an SDL may declare. */
type ScalarTypes = Record<string, string | { input: string; output: string }>;

const ANYWHERE: ScalarTypes = {
  ID: 'string',
  BigInt: 'bigint',
  Cursor: 'string',
  EmailAddress: 'string',
  JSON: 'unknown',
  LocalDate: 'string',
  NonNegativeInt: 'number',
  PhoneNumber: 'string',
  PositiveInt: 'number',
  URL: 'string',
  UUID: 'string',
  Void: 'null',
};

/** On the serving side: a row's Date or the text of an event will do. */
export const RESOLVER_SCALARS: ScalarTypes = { ...ANYWHERE, DateTime: 'Date | string' };

/** On the calling side values are what JSON knows; a Date among the variables becomes text by itself. */
export const CALLER_SCALARS: ScalarTypes = {
  ...ANYWHERE,
  BigInt: 'string | number',
  DateTime: { input: 'Date | string', output: 'string' },
};
