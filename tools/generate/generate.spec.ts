import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callerDocuments } from './operations.ts';
import { Output } from './output.ts';
import { resolverTypes } from './resolvers.ts';
import { readSdl } from './sdl.ts';
import { compose } from './supergraph.ts';

const PAYMENTS = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible"])
scalar DateTime
enum PaymentStatus { APPROVED DECLINED }
type Payment @key(fields: "id") { id: ID! status: PaymentStatus! at: DateTime! note: String }
extend type Query { payment(id: ID!): Payment }
type Mutation { approvePayment(reference: ID!, at: DateTime): Payment! @inaccessible cancelPayment(id: ID!): Payment! }
`;
const ORDERS = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Order @key(fields: "id") { id: ID! payment: Payment }
type Payment @key(fields: "id", resolvable: false) { id: ID! }
type Query { orders: [Order!]! }
`;

let base: string;

function put(file: string, content: string): void {
  mkdirSync(path.dirname(path.join(base, file)), { recursive: true });
  writeFileSync(path.join(base, file), content);
}

beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'madang-generate-spec-'));
  put('schema/subgraphs/payments.graphql', PAYMENTS);
  put('schema/subgraphs/orders.graphql', ORDERS);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('resolver types', () => {
  test('have the request’s context, enums as literals, references, and any part of a type as its row', async () => {
    const types = await resolverTypes(readSdl('payments', base), base);
    expect(types).toContain(`import type { RequestContext } from '@madang/kernel/graphql'`);
    expect(types).toContain(`export type PaymentStatus =\n  | 'APPROVED'\n  | 'DECLINED';`);
    expect(types).toContain('__resolveReference?: ReferenceResolver<');
    expect(types).toContain('Payment: ResolverTypeWrapper<PartOf<Payment>>');
    expect(types).not.toMatch(/^export (enum|namespace)/m);
  });

  test('take a row’s type from mappers.json', async () => {
    put('subgraphs/payments/mappers.json', JSON.stringify({ Payment: '../read-models/payments.ts#PaymentRow' }));
    const types = await resolverTypes(readSdl('payments', base), base);
    expect(types).toContain(`import type { PaymentRow } from '../read-models/payments.ts'`);
    expect(types).toContain('Payment: ResolverTypeWrapper<PaymentRow>');
  });
});

describe('documents of a caller', () => {
  test('may use what is inaccessible to clients', async () => {
    put(
      'subgraphs/orders/adapters/payments.graphql',
      'mutation Approve($reference: ID!, $at: DateTime) { approvePayment(reference: $reference, at: $at) { id status at } }',
    );
    const documents = await callerDocuments('orders', 'payments', base);
    expect(documents).toContain('export const ApproveDocument =');
    expect(documents).toContain('{ approvePayment: { id: string, status: PaymentStatus, at: string } }');
  });

  test('may be for a callee without queries', async () => {
    put('schema/subgraphs/payments.graphql', PAYMENTS.replace('extend type Query { payment(id: ID!): Payment }', ''));
    put('subgraphs/orders/adapters/payments.graphql', 'mutation Cancel($id: ID!) { cancelPayment(id: $id) { id } }');
    expect(await callerDocuments('orders', 'payments', base)).toContain('export const CancelDocument =');
  });

  test('that the callee does not understand: the error has file, line and field', async () => {
    put('subgraphs/orders/adapters/payments.graphql', 'query A($id: ID!) {\n  payment(id: $id) { id stauts }\n}');
    await expect(callerDocuments('orders', 'payments', base)).rejects.toThrow(
      'subgraphs/orders/adapters/payments.graphql:2:25  Cannot query field "stauts" on type "Payment"',
    );
  });
});

describe('the supergraph', () => {
  test('is composed of all SDLs; its API has nothing inaccessible', () => {
    const { supergraph, api } = compose([readSdl('orders', base), readSdl('payments', base)]);
    expect(supergraph).toContain('approvePayment');
    expect(api).toContain('cancelPayment');
    expect(api).not.toContain('approvePayment');
  });

  test('that does not compose: the error has the file', () => {
    put('schema/subgraphs/orders.graphql', ORDERS.replace('fields: "id")', 'fields: "number")'));
    expect(() => compose([readSdl('orders', base), readSdl('payments', base)])).toThrow(
      /schema\/subgraphs\/orders\.graphql:2:\d+ {2}KEY_INVALID_FIELDS/,
    );
  });
});

describe('output', () => {
  test('is written only when it changes, and never when checking', () => {
    new Output(false, base).write('schema/api.graphql', 'one');
    const same = new Output(false, base);
    same.write('schema/api.graphql', 'one');
    const checked = new Output(true, base);
    checked.write('schema/api.graphql', 'two');
    expect([same.changed, checked.changed]).toEqual([[], ['schema/api.graphql']]);
  });
});
