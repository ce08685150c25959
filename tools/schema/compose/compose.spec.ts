import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RepositoryCopy, told } from '../testing/repository-copy.ts';
import { generated, ORDERS, PAYMENTS, shop, verdict } from '../testing/shop.ts';

let copy: RepositoryCopy;
beforeEach(() => {
  copy = shop();
});
afterEach(() => copy.remove());

const findings = () => verdict(copy, 'compose');
const words = async () => (await findings()).map(told);

test('a repository that is in order has nothing said of it', async () => {
  expect(await words()).toEqual([]);
});

test('a syntax error is told with its line', async () => {
  copy.replace(ORDERS, 'quantity: Int!', 'quantity Int!');
  expect(await words()).toEqual([`error syntax: Syntax Error: Expected ":", found Name "Int". (${ORDERS}:18)`]);
});

test('a type that nobody declares is told with the place that names it', async () => {
  copy.replace(ORDERS, 'status: OrderStatus!', 'status: OrderStaus!');
  expect(await words()).toEqual([`error invalid-graphql: [orders] Unknown type OrderStaus [Order.status in orders] (${ORDERS}:22)`]);
});

test('a key on a field that is not there is told with the type, and with what to do', async () => {
  copy.replace(ORDERS, 'type Order @key(fields: "id")', 'type Order @key(fields: "number")');
  const [finding] = await findings();
  expect(finding).toMatchObject({
    rule: 'key-invalid-fields',
    for: 'Order in orders',
    at: { file: ORDERS, line: 14 },
    mend: 'name a field in @key that the type has in this SDL',
  });
});

test('a field that two contexts give different types is told with both', async () => {
  copy.replace(ORDERS, 'resolvable: false) {', 'resolvable: false) {\n  "How much."\n  amount: String!');
  const [finding] = await findings();
  expect(finding).toMatchObject({ rule: 'field-type-mismatch', for: 'Payment.amount in orders and payments', at: { file: ORDERS } });
  expect(finding?.message).toContain('it has type "String!" in subgraph "orders" but type "Int!" in subgraph "payments"');
});

test('a field that two contexts own is told with whose it is', async () => {
  copy.replace(ORDERS, 'resolvable: false) {', 'resolvable: false) {\n  "How much."\n  amount: Int!');
  const [finding] = await findings();
  expect(finding).toMatchObject({ rule: 'invalid-field-sharing', for: 'Payment.amount in orders and payments' });
  expect(finding?.mend).toContain('one context owns a field');
});

test('what the router could not get at is told with the field, although composition itself names no place', async () => {
  copy.replace(PAYMENTS, 'type Payment @key(fields: "id") {', 'type Payment @key(fields: "id", resolvable: false) {');
  const [finding] = await findings();
  expect(finding).toMatchObject({
    rule: 'satisfiability-error',
    for: 'Payment.amount in payments and orders',
    at: { file: PAYMENTS, line: 18 },
  });
  expect(finding?.message).toMatch(
    /^the router cannot get at Payment.amount when it comes from orders: cannot move to subgraph "payments", .* because none of the @key/,
  );
  expect(finding?.mend).toBe('take `resolvable: false` out where Payment is owned, and answer for it with a reference resolver');
});

test('a field that only one context gives to a type without a key is told with who lacks it', async () => {
  const address = (fields: string) => `\n"An address."\ntype Address @shareable {\n${fields}\n}\n`;
  const line = '  "The street."\n  line: String!';
  const shareable = (file: string) => copy.replace(file, 'import: ["@key"', 'import: ["@key", "@shareable"');
  const read = (file: string) => readFileSync(path.join(copy.root, file), 'utf8');
  shareable(ORDERS).replace(ORDERS, '  payment: Payment', '  payment: Payment\n  "Whither."\n  to: Address');
  copy.put(ORDERS, read(ORDERS) + address(line));
  shareable(PAYMENTS).replace(PAYMENTS, '  amount: Int!\n  "What', '  amount: Int!\n  "Whose."\n  of: Address\n  "What');
  copy.put(PAYMENTS, read(PAYMENTS) + address(`${line}\n  "The code."\n  zip: String!`));
  const [finding] = await findings();
  expect(finding).toMatchObject({ rule: 'satisfiability-error', for: 'Address.zip in payments and orders', at: { file: PAYMENTS } });
  expect(finding?.message).toMatch(/^the router cannot get at Address.zip when it comes from orders: /);
  expect(finding?.mend).toMatch(/^Address has no key, so every context that has it must have all of its fields: add it in orders too/);
});

test('a field that is declared twice is told with its place', async () => {
  copy.replace(ORDERS, '  label: String\n  "Where', '  label: String\n  label: String\n  "Where');
  expect(await words()).toEqual([
    `error invalid-graphql: [orders] Field label already exists on Order [Order.label in orders] (${ORDERS}:20)`,
  ]);
});

test('a directive that is not imported is told with what to import', async () => {
  copy.replace(ORDERS, '  label: String\n  "Where', '  label: String @shareable\n  "Where');
  const [finding] = await findings();
  expect(finding).toMatchObject({ rule: 'invalid-graphql', for: 'Order.label in orders', at: { line: 20 } });
  expect(finding?.mend).toContain('import: ["@key"');
});

test('an operation that was changed without generating is told, until it is', async () => {
  copy.replace('schema/operations/orders.graphql', 'quantity', 'quantity label');
  expect(await words()).toEqual([
    expect.stringContaining('error out-of-date: schema/persisted-operations.json is not what schema/operations/ says'),
  ]);
  generated(copy);
  expect(await words()).toEqual([]);
});

test('an SDL that was changed without generating is told, until it is', async () => {
  copy.replace(ORDERS, '"How much of it."\n  quantity', '"How many."\n  quantity');
  expect(await words()).toEqual([
    expect.stringContaining('error out-of-date: schema/supergraph.graphql is not what the SDLs compose to'),
    expect.stringContaining('error out-of-date: schema/api.graphql is not what the SDLs compose to'),
  ]);
  generated(copy);
  expect(await words()).toEqual([]);
});
