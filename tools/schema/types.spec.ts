import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { callerDocuments } from '../generate/operations.ts';
import { resolverTypes } from '../generate/resolvers.ts';
import { readSdl } from '../generate/sdl.ts';
import { root } from '../workspace.ts';
import { RepositoryCopy } from './testing/repository-copy.ts';

const SDL = 'schema/subgraphs/deliveries.graphql';
const CALLER = 'subgraphs/payments/adapters/deliveries.ts';
const RESOLVERS = 'subgraphs/deliveries/resolvers.ts';
const PACKAGES = ['zod', 'graphql', 'dataloader', '@prisma/client', '@graphql-typed-document-node/core', '@types/node'];

let copy: RepositoryCopy;
beforeAll(() => {
  copy = new RepositoryCopy()
    .copy('schema/subgraphs', 'subgraphs/deliveries', 'subgraphs/deliveries/generated')
    .copy(CALLER, 'subgraphs/payments/adapters/deliveries.graphql', 'subgraphs/payments/ports.ts', 'subgraphs/payments/mappers.json')
    .copy('subgraphs/payments/package.json', 'subgraphs/payments/events.ts', 'tsconfig.json')
    .install(...PACKAGES);
  copy.replace('tsconfig.json', '"**/*.ts"', `"${RESOLVERS}", "${CALLER}"`).commit();
});
afterEach(() => void copy.restore());
afterAll(() => copy.remove());

/** Generates the types anew, as npm run generate does, and answers what tsc says. */
async function typecheck(): Promise<string[]> {
  copy.put('subgraphs/deliveries/generated/graphql.ts', await resolverTypes(readSdl('deliveries', copy.root), copy.root));
  copy.put('subgraphs/payments/generated/deliveries.ts', await callerDocuments('payments', 'deliveries', copy.root));
  const run = promisify(execFile)(
    process.execPath,
    [path.join(root, 'node_modules/typescript/bin/tsc'), '--pretty', 'false', '-p', copy.root],
    { cwd: copy.root },
  );
  const { stdout } = await run.catch((failed: { stdout: string }) => failed);
  return stdout.split(/\n(?=\S)/).filter((error) => /^\S+\(\d/.test(error));
}

test('types and code agree', async () => {
  expect(await typecheck()).toEqual([]);
}, 60_000);

describe('tsc fails at the code that disagrees with the SDL, when', () => {
  test.each<[what: string, from: string, to: string, file: string, words: RegExp]>([
    [
      'a field that has a resolver is renamed',
      'application: TextbookApplication\n',
      'textbooks: TextbookApplication\n',
      RESOLVERS,
      /application/,
    ],
    ['a field becomes another type', 'account: Account!\n', 'account: [Account!]!\n', RESOLVERS, /'{ id: string; }' is not assignable/],
    ['a field is new that no row has', '  quantity: Int\n', '  quantity: Int\n  weight: Int\n', RESOLVERS, /weight/],
    ['a query is new', '  operationsDeliveries(', '  delivered: Int\n  operationsDeliveries(', RESOLVERS, /delivered/],
    ['an argument is renamed', 'delivery("The delivery\'s id." id: ID!)', 'delivery(number: ID!)', RESOLVERS, /'id'/],
    ['a query is removed', '  delivery(', '  consignment(', RESOLVERS, /delivery/],
    [
      'an input that a caller fills is given a required field',
      'input CancelDeliveryInput @inaccessible {',
      'input CancelDeliveryInput @inaccessible {\n  why: String!',
      CALLER,
      /why/,
    ],
    ['an input’s field is renamed', '  accountId: ID!\n', '  customerId: ID!\n', CALLER, /accountId|customerId/],
  ])(
    '%s',
    async (_what, from, to, file, words) => {
      copy.replace(SDL, from, to);
      const errors = await typecheck();
      expect(errors.filter((line) => line.startsWith(file)).join('\n')).toMatch(words);
    },
    60_000,
  );
});
