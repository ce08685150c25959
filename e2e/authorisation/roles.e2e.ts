import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { anonymous, type User, user } from '@madang/kernel/domain';
import { type InternalTokens, internalTokens } from '@madang/kernel/identity';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Issuer, issuer } from '../../router/testing/issuer.ts';
import { documentedRoles, ROLES } from '../../tools/generate/roles.ts';
import { type System, startSystem } from '../harness/system.ts';
import { badInputs } from '../textbooks/bad-inputs.ts';
import { overHttp, overSocket, question } from './asking.ts';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const { columns, rows } = documentedRoles(read(ROLES));
const api = buildSchema(read('schema/api.graphql'));
const rootFields = (root: string) => {
  const type = [api.getQueryType(), api.getMutationType(), api.getSubscriptionType()].find((each) => each?.name === root);
  return type?.getFields() ?? {};
};

/** What would say nothing about who may ask. */
const MEANINGLESS = /^(GRAPHQL_|BAD_USER_INPUT|INTERNAL_SERVER_ERROR|OPERATION_RESOLUTION_FAILURE|SUBGRAPH_UNAVAILABLE)/;
const cellOf = (codes: readonly string[]): string =>
  codes.find((code) => code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' || MEANINGLESS.test(code)) ?? 'allowed';

const inputs = badInputs(randomUUID());
/** Accounts that no context has heard of, each with one role alone. */
const accounts = columns.map((column) => (column === 'anonymous' ? anonymous : user(randomUUID(), column)));

let system: System;
let keys: Issuer;
let userTokens: readonly (string | undefined)[];
let tokens: InternalTokens;
beforeAll(async () => {
  keys = await issuer();
  userTokens = await Promise.all(accounts.map((actor) => (actor.kind === 'user' ? tokenOf(actor) : undefined)));
  system = await startSystem({ env: { JWKS_URL: keys.jwksUrl } });
  tokens = internalTokens(system.madang.env.INTERNAL_SECRET ?? '');
});
afterAll(async () => {
  await system?.stop();
  await keys?.close();
});

const tokenOf = ({ accountId, roles }: User) => keys.token({ sub: accountId, roles });
const urlOf = (context: string) => system.madang.env[`${context.toUpperCase().replaceAll('-', '_')}_URL`] ?? '';

test('the table has each root field of the API, and each role', () => {
  const documented = rows.map(({ root, field }) => `${root}.${field}`);
  const actual = ['Query', 'Mutation', 'Subscription'].flatMap((root) => Object.keys(rootFields(root)).map((field) => `${root}.${field}`));
  expect(documented.toSorted()).toEqual(actual.toSorted());
  expect(columns).toEqual(['anonymous', 'CUSTOMER', 'MANAGER', 'TRAINER', 'ADMIN']);
});

test.for(rows.map((row) => ({ ...row, name: `${row.root}.${row.field}` })))(
  '$name is for whom the table says, at the router and at $context itself',
  async ({ root, field, context, cells }) => {
    const found = rootFields(root)[field];
    if (!found) throw new Error(`there is no ${root}.${field}`);
    const ask = root === 'Subscription' ? overSocket : overHttp;
    const asked = question(root, found, inputs[field]?.valid);
    const told = await Promise.all(
      accounts.map(async (actor, at) => ({
        router: cellOf(await ask(system.url, userTokens[at], asked)),
        itself: cellOf(await ask(urlOf(context), await tokens.issue(actor, 'router'), asked)),
      })),
    );
    const byColumn = (of: (at: number) => unknown) => Object.fromEntries(columns.map((column, at) => [column, of(at)]));
    expect(byColumn((at) => told[at])).toEqual(byColumn((at) => ({ router: cells[at], itself: cells[at] })));
  },
);
