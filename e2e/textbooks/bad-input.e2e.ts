import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLInputObjectType, getNamedType, isRequiredInputField } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../harness/client.ts';
import { anonymous, demo, newCustomer } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { rowCounts } from '../harness/rows.ts';
import { type System, startSystem } from '../harness/system.ts';
import { badInputs, type Who } from './bad-inputs.ts';

const api = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));
const mutations = Object.values(api.getMutationType()?.getFields() ?? {});
const inputOf = (name: string) => {
  const mutation = mutations.find((field) => field.name === name);
  return getNamedType(mutation?.args.find(({ name }) => name === 'input')?.type) as GraphQLInputObjectType;
};
const selection = (name: string) => {
  const type = getNamedType(mutations.find((field) => field.name === name)?.type);
  return type && 'getFields' in type ? '{ __typename }' : '';
};
const operation = (name: string) => `mutation Bad($input: ${inputOf(name).name}!) { ${name}(input: $input) ${selection(name)} }`;

/** What GraphQL itself says to a value that is not of the type. */
const INVALID = ['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED'];

let system: System;
let table: ReturnType<typeof badInputs>;
let people: Record<Who, Client>;

beforeAll(async () => {
  system = await startSystem();
  const student = await newCustomer(system, { card: null });
  table = badInputs(await student.registerCard('4242424242424242'));
  people = {
    nobody: anonymous(system),
    student,
    trainer: await demo(system, 'trainer'),
    manager: await demo(system, 'manager'),
    admin: await demo(system, 'admin'),
  };
  await untilQuiet(system);
});
afterAll(() => system?.stop());

const bad = (name: string) => table[name] as NonNullable<(typeof table)[string]>;
const ask = (name: string, input: object) => people[bad(name).as].refusal(operation(name), { input });

/** What it takes to say so. */
const told = (input: object) => `${JSON.stringify(input).slice(0, 200)}`;

describe.for(mutations.map(({ name }) => [name] as const))('a bad %s', ([name]) => {
  let rowsBefore: Record<string, number>;
  beforeAll(async () => {
    expect(table, 'add the mutation to bad-inputs.ts').toHaveProperty(name);
    rowsBefore = await rowCounts(system);
  });
  afterAll(async () => expect(await rowCounts(system), 'rows that should not be there').toEqual(rowsBefore));

  test('is refused with BAD_INPUT, the field and a sentence', async () => {
    const { valid, refused } = bad(name);
    for (const [field, values] of Object.entries(refused))
      for (const value of values) {
        const input = { ...valid, [field.split('.')[0] as string]: value };
        const { message, extensions } = await ask(name, input);
        expect({ ...extensions, message }, told(input)).toMatchObject({
          code: 'BAD_INPUT',
          field,
          message: expect.stringMatching(/\w{3}/),
        });
      }
  });

  test('is refused by GraphQL when a value is not of the type, a field is missing, or unknown', async () => {
    const { valid, invalid = {} } = bad(name);
    const required = Object.values(inputOf(name).getFields()).filter(isRequiredInputField);
    const inputs = [
      ...Object.entries(invalid).flatMap(([field, values]) => values.map((value) => ({ ...valid, [field]: value }))),
      ...required.map((field) => ({ ...valid, [field.name]: undefined })),
      { ...valid, colour: 'blue' },
    ];
    for (const input of inputs) {
      const { message, extensions } = await ask(name, input);
      expect(INVALID, `${told(input)}: ${message}`).toContain(extensions.code);
    }
  });
});

test('internal mutations are not in the API', async () => {
  const INTERNAL = [
    'approvePayment',
    'cancelPayment',
    'registerBillingKey',
    'changeBillingKey',
    'revokeBillingKey',
    'cancelDelivery',
    'redeemTicket',
    'releaseTicket',
    'cancelSchedule',
    'issueGift',
    'activateGift',
    'voidGift',
    'sendMessage',
  ];
  for (const name of INTERNAL) {
    const { extensions } = await people.admin.refusal(`mutation { ${name} { __typename } }`);
    expect(extensions.code, name).toBe('GRAPHQL_VALIDATION_FAILED');
  }
});
