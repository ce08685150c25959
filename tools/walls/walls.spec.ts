import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { breaches } from './walls.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'madang-walls-'));
  plant('subgraphs/payments/events.ts', `import { defineEvent } from '@madang/kernel/domain';`);
  plant(
    'subgraphs/payments/decide.ts',
    `import { z } from 'zod';\nimport type { Payment } from './payment.ts';\nimport { Refused } from '@madang/kernel/domain';`,
  );
  plant('subgraphs/payments/payment.ts', `import type { PaymentApproved } from './events.ts';`);
  plant('subgraphs/payments/decide.spec.ts', `import { given } from '@madang/kernel/testing';`);
  plant('subgraphs/payments/adapters/store.ts', `import pg from 'pg';\nimport { decide } from '../decide.ts';`);
  plant('subgraphs/deliveries/policies/start-when-paid.ts', `import { TextbookApplicationPaid } from '@madang/payments/events';`);
});
afterEach(() => rmSync(root, { recursive: true }));

function plant(file: string, text: string): void {
  mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}
const refused = () => breaches(root).map(({ file, line, specifier, message }) => [`${file}:${line}`, specifier, message]);

test('a repository that keeps to the walls passes', () => {
  expect(refused()).toEqual([]);
});

describe('wall 1: decisions stand on nothing but the domain', () => {
  test.each([
    ['a vendor', 'decide.ts', `import pg from 'pg';`],
    ['node', 'commands.ts', `import { randomUUID } from 'node:crypto';`],
    ['the rest of the kernel', 'events.ts', `import { connect } from '@madang/kernel/nats';`],
    ['a type of the kernel', 'events.ts', `import type { Pool } from '../../kernel/prisma/index.ts';`],
    ['a type expression', 'decide.ts', `export type Row = import('pg').QueryResult;`],
    ['an import at run time', 'decide.ts', `export const later = () => import('pg');`],
    ['a policy that reaches out', 'policies/pay-when-applied.ts', `export * from 'undici';`],
  ])('%s is refused', (_what, file, text) => {
    plant(`subgraphs/payments/${file}`, text);
    expect(refused()).toEqual([[`subgraphs/payments/${file}:1`, expect.any(String), expect.stringContaining('as arguments')]]);
  });

  test.each([['./adapters/store.ts'], ['./config.ts'], ['./read-models/payments.ts'], ['./generated/prisma/client.ts'], ['./ports.ts']])(
    "the context's own outside (%s) is refused, with where to put it",
    (specifier) => {
      plant('subgraphs/payments/decide.ts', `\nimport { x } from '${specifier}';`);
      expect(refused()).toEqual([['subgraphs/payments/decide.ts:2', specifier, expect.stringContaining('handlers.ts')]]);
    },
  );

  test('what a decision imports is domain too, whatever its name', () => {
    plant('subgraphs/payments/payment.ts', `import fs from 'node:fs';`);
    expect(refused()).toEqual([['subgraphs/payments/payment.ts:1', 'node:fs', expect.stringContaining('the domain imports only itself')]]);
  });

  test('aggregates in folders of their own are held to it as well', () => {
    plant('subgraphs/payments/billing-key/decide.ts', `import { Payment } from '../payment.ts';\nimport pg from 'pg';`);
    expect(refused()).toEqual([['subgraphs/payments/billing-key/decide.ts:2', 'pg', expect.any(String)]]);
  });

  test('the pure kernel is held to it as well', () => {
    plant('kernel/domain/clock.ts', `import { z } from 'zod';\nimport { Refused } from './refusal.ts';\nimport 'node:timers';`);
    expect(refused()).toEqual([['kernel/domain/clock.ts:3', 'node:timers', expect.stringContaining('another entry of the kernel')]]);
  });
});

describe('wall 2: contexts meet in events', () => {
  test.each([['@madang/payments/main'], ['../payments/payment.ts'], ['../payments/adapters/store.ts']])(
    '%s of another context is refused',
    (specifier) => {
      plant('subgraphs/deliveries/handlers.ts', `import { x } from '${specifier}';`);
      expect(refused()).toEqual([['subgraphs/deliveries/handlers.ts:1', specifier, expect.stringContaining('@madang/payments/events')]]);
    },
  );

  test('the kernel knows no context, not even its events', () => {
    plant('kernel/nats/consumer.ts', `import { PaymentApproved } from '@madang/payments/events';`);
    expect(refused()).toEqual([
      ['kernel/nats/consumer.ts:1', '@madang/payments/events', expect.stringContaining('the kernel must not know payments')],
    ]);
  });
});
