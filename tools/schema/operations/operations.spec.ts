import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RepositoryCopy, told } from '../testing/repository-copy.ts';
import { ORDERS, shop, verdict } from '../testing/shop.ts';

let copy: RepositoryCopy;
beforeEach(() => {
  copy = shop();
});
afterEach(() => copy.remove());

const words = async () => (await verdict(copy, 'operations')).map(told);
const wrong = async () => (await words()).filter((it) => !it.startsWith('info'));
/** § stands for $, which a linter of ours would take amiss. */
const program = (...lines: string[]) => copy.put('e2e/program.ts', `${lines.join('\n').replaceAll('§', '$')}\n`);

test('a repository that is in order has its operations counted', async () => {
  expect(await words()).toEqual(['info counted: 2 operations of clients and 1 documents from context to context were looked at']);
});

describe('an operation that the API does not answer is told with its place', () => {
  test('in schema/operations/', async () => {
    copy.replace('schema/operations/orders.graphql', 'quantity', 'quantty');
    expect(await wrong()).toEqual([
      'error invalid-operation: Cannot query field "quantty" on type "Order". Did you mean "quantity"? [query MyOrder (schema/operations/orders.graphql)] (schema/operations/orders.graphql:4)',
    ]);
  });

  test('in a text of a program, put together from constants: the place is that of the constant', async () => {
    copy.replace('e2e/parts.ts', 'id quantity', 'id quantty');
    expect(await wrong()).toEqual([
      'error invalid-operation: Cannot query field "quantty" on type "Order". Did you mean "quantity"? [mutation Place (e2e/orders.ts:2)] (e2e/parts.ts:1)',
    ]);
  });

  test('in a README', async () => {
    copy.put('README.md', '# Shop\n\n```graphql\n{\n  order(id: 1) { idd }\n}\n```\n');
    expect(await wrong()).toEqual([expect.stringMatching(/^error invalid-operation: .*"idd".*\(README.md:5\)$/)]);
  });

  test('for each thing that a function is called with', async () => {
    program('const read = (field: string) => `query Read { order(id: 1) { §{field} } }`;', "read('id');", "read('weight');");
    expect(await wrong()).toEqual([expect.stringMatching(/"weight".*\[query Read \(e2e\/program.ts:1\)\] \(e2e\/program.ts:3\)$/)]);
  });

  test('with the sides of a condition that belong together', async () => {
    program(
      "const ask = (field: string) => `query Ask { order(id: 1) { §{field === 'payment' ? 'payment { amount }' : `§{field}`} } }`;",
      "export const asked = [ask('payment'), ask('quantity')];",
    );
    expect(await wrong()).toEqual([]);
  });

  test('and one that is no GraphQL', async () => {
    program("export const BROKEN = 'query Broken { order(id: 1) { id } } }';");
    expect(await wrong()).toEqual(['error syntax: Syntax Error: Unexpected "}". [an operation (e2e/program.ts:1)] (e2e/program.ts:1)']);
  });
});

test('what a test sends to be refused says so on its line', async () => {
  program("export const BROKEN = 'query Broken { order(id: 1) { id } } }'; // wrong on purpose");
  expect(await wrong()).toEqual([]);
});

test('what only a run would tell is counted, with its place, and what is known of it is looked at', async () => {
  program('export const any = (fields: string) => `query Any { order(id: 1) { §{fields} weight } }`;');
  expect(await words()).toEqual([
    expect.stringMatching(/^error invalid-operation: .*"weight"/),
    expect.stringContaining('1 of them have names that only a run tells, and are checked as far as they are known: e2e/program.ts:1'),
  ]);
});

test('a text that only looks like an operation is none', async () => {
  program("export const words = ['query me', '{}', '{ a: 1 }', 'mutation of genes', 'subscription monthly'];");
  expect(await words()).toEqual([expect.stringContaining('info counted: 2 operations')]);
});

test('an operation of a client needs a name', async () => {
  copy.put('schema/operations/any.graphql', '{\n  order(id: 1) {\n    id\n  }\n}\n');
  expect(await wrong()).toEqual(['error operation-name: this query has no name (schema/operations/any.graphql:1)']);
});

describe('a document from context to context', () => {
  const CALL = 'subgraphs/orders/adapters/payments.graphql';

  test('is held against all that the callee has, and not against what clients see', async () => {
    copy.replace(CALL, 'receipt', 'receit');
    expect(await wrong()).toEqual([
      expect.stringMatching(/^error invalid-call: .*"receit".* \(subgraphs\/orders\/adapters\/payments.graphql:4\)$/),
    ]);
  });

  test('to a context that is not there is told with those that are', async () => {
    copy.put('subgraphs/orders/adapters/billing.graphql', 'mutation Bill { bill }\n');
    expect(await wrong()).toEqual([
      'error call-to-nobody: there is no context "billing" [orders] (subgraphs/orders/adapters/billing.graphql)',
    ]);
  });
});

test('when the SDLs do not compose, that is told first; what can be looked at without is', async () => {
  copy.replace(ORDERS, 'quantity: Int!', 'quantity Int!');
  expect(await words()).toEqual([]);
  expect((await verdict(copy, 'compose', 'compare', 'operations', 'lint')).map(({ rule }) => rule)).toEqual(['syntax']);
});
