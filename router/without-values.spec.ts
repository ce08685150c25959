import { buildSchema, graphqlSync, parse } from 'graphql';
import { expect, it } from 'vitest';
import { withoutValues } from './without-values.ts';

const schema = buildSchema(
  'input I { number: String! count: Int share: Float on: Boolean id: ID kind: K } enum K { CARD } type Query { q(i: I, n: String): Int }',
);
const QUERY = 'query($i: I) { q(i: $i) }';
const SECRET = '9764 3182-05';
const number = SECRET;

function messageOf(source: string, i?: object): string {
  const { errors } = graphqlSync({ schema, source, variableValues: { i } });
  return withoutValues(errors?.[0]?.message ?? 'no error');
}

it.each<[object, string]>([
  [{ number, colour: 1 }, 'Variable "$i" got an invalid value; Field "colour" is not defined by type "I".'],
  [{ id: number }, 'Variable "$i" got an invalid value; Field "number" of required type "String!" was not provided.'],
  [{ number: [SECRET] }, 'Variable "$i" got an invalid value at "i.number"; String cannot represent a non string value'],
  [{ number: [`a; b at "c"; ${SECRET}`] }, 'Variable "$i" got an invalid value at "i.number"; String cannot represent a non string value'],
  [{ number, count: SECRET }, 'Variable "$i" got an invalid value at "i.count"; Int cannot represent non-integer value'],
  [{ number, share: SECRET }, 'Variable "$i" got an invalid value at "i.share"; Float cannot represent non numeric value'],
  [{ number, on: SECRET }, 'Variable "$i" got an invalid value at "i.on"; Boolean cannot represent a non boolean value'],
  [{ number, kind: SECRET }, 'Variable "$i" got an invalid value at "i.kind"; The value does not exist in "K" enum.'],
  [{ number, kind: `${SECRET}; x` }, 'Variable "$i" got an invalid value at "i.kind"; The value does not exist in "K" enum.'],
])('of the variable %o it tells what is wrong, and not its value', (variable, told) => {
  expect(messageOf(QUERY, variable)).toBe(told);
});

it.each([
  [`{ q(i: { number: "${SECRET}", kind: "${SECRET}" }) }`],
  [`{ q(i: { number: 9764318205 }) }`],
  [`{ q(i: { number: "", count: "${SECRET}" }) }`],
  [`{ q(i: "${SECRET}") }`],
  [`{ q(n: { a: "${SECRET}" }) }`],
])('of the document %s it tells what is wrong, and not the value', (source) => {
  const message = messageOf(source);
  expect(message).toMatch(/cannot represent|Expected/);
  expect(message).not.toMatch(/9764/);
});

it.each([`{ q(n "${SECRET}") }`, '{ q(n: "x") 9764318205 }', `{ q(n: """${SECRET}""" """${SECRET}""") }`])(
  'of the document %s it tells where it cannot be read, and not what is there',
  (source) => {
    let message = '';
    try {
      parse(source);
    } catch (error) {
      message = withoutValues((error as Error).message);
    }
    expect(message).toMatch(/^Syntax Error: (Expected|Unexpected)/);
    expect(message).not.toMatch(/9764/);
  },
);

it('a time that is none is not repeated either', () => {
  expect(withoutValues('DateTime cannot represent an invalid date-time-string 9764.')).toBe(
    'DateTime cannot represent an invalid date-time-string',
  );
});

it.each(['Cannot query field "x" on type "Query".', 'Syntax Error: Expected Name, found <EOF>.', 'quantity: must be at most 100'])(
  'leaves %s as it is',
  (message) => {
    expect(withoutValues(message)).toBe(message);
  },
);
