import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Actor, anonymous, user } from '@madang/kernel/domain';
import { internalTokens } from '@madang/kernel/identity';
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
beforeAll(async () => {
  keys = await issuer();
  system = await startSystem({ env: { JWKS_URL: keys.jwksUrl } });
});
afterAll(async () => {
  await system?.stop();
  await keys?.close();
});

const userToken = (actor: Actor) =>
  actor.kind === 'user' ? keys.token({ sub: actor.accountId, roles: actor.roles }) : Promise.resolve(undefined);
const internalToken = (actor: Actor) => internalTokens(system.madang.env.INTERNAL_SECRET ?? '').issue(actor, 'router');
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
      accounts.map(async (actor) => ({
        router: cellOf(await ask(system.url, await userToken(actor), asked)),
        itself: cellOf(await ask(urlOf(context), await internalToken(actor), asked)),
      })),
    );
    const byColumn = (of: (at: number) => unknown) => Object.fromEntries(columns.map((column, at) => [column, of(at)]));
    expect(byColumn((at) => told[at])).toEqual(byColumn((at) => ({ router: cells[at], itself: cells[at] })));
  },
);
