import { describe, expect, test } from 'vitest';
import { planFor, type Repository } from './plan.ts';

const repository: Repository = {
  contexts: ['accounts', 'deliveries', 'payments'],
  readersOf: (context) => (context === 'payments' ? ['deliveries'] : []),
  callersOf: (context) => (context === 'deliveries' ? ['payments'] : []),
};
const plan = (...files: string[]) => planFor(files, repository);

describe('what has to be done after a change of', () => {
  test.each([
    ['a context: that one', 'subgraphs/payments/decide.ts', { generate: false, migrate: [], restart: ['payments'] }],
    ['its events: its readers too', 'subgraphs/payments/events.ts', { generate: false, migrate: [], restart: ['deliveries', 'payments'] }],
    [
      'a document: generate first',
      'subgraphs/payments/adapters/deliveries.graphql',
      { generate: true, migrate: [], restart: ['payments'] },
    ],
    [
      'an SDL: its callers and the router',
      'schema/subgraphs/deliveries.graphql',
      { generate: true, migrate: [], restart: ['deliveries', 'payments', 'router'] },
    ],
    [
      'a database: migrate',
      'prisma/accounts/migrations/1_init/migration.sql',
      { generate: true, migrate: ['accounts'], restart: ['accounts'] },
    ],
    [
      'the kernel: everything',
      'kernel/nats/relay.ts',
      { generate: false, migrate: [], restart: ['accounts', 'deliveries', 'payments', 'router'] },
    ],
    ['the router', 'router/main.ts', { generate: false, migrate: [], restart: ['router'] }],
  ])('%s', (_what, file, expected) => {
    expect(plan(file)).toEqual(expected);
  });

  test.each([
    'subgraphs/payments/decide.spec.ts',
    'subgraphs/payments/generated/graphql.ts',
    'subgraphs/payments/README.md',
    'kernel/.cache/x.ts',
    'subgraphs/unknown/main.ts',
  ])('%s: nothing', (file) => {
    expect(plan(file)).toEqual({ generate: false, migrate: [], restart: [] });
  });
});

test("the kernel's database is part of every context's", () => {
  expect(plan('prisma/kernel/schema.prisma').migrate).toEqual(repository.contexts);
});
