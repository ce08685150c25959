import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { documentedRoles, ROLES, roleTable, withRoles } from './roles.ts';
import { compose } from './supergraph.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated", "@requiresScopes", "@inaccessible"])';
const ACCOUNTS = `${LINK} enum Role { CUSTOMER ADMIN } type Query { me: String roles: [Role!] @authenticated }`;
const ORDERS = `${LINK} type Query { orders: Int @requiresScopes(scopes: [["role:ADMIN"]]) }
  type Mutation { order: Vault inside: Int @inaccessible } type Vault @requiresScopes(scopes: [["other"], ["role:CUSTOMER"]]) { id: ID }`;

const sdl = (context: string, text: string) => ({ context, file: `${context}.graphql`, document: parse(text) });
const { supergraph, api } = compose([sdl('accounts', ACCOUNTS), sdl('orders', ORDERS)]);

test('the table has each root field, with what everybody is answered', () => {
  expect(roleTable(supergraph)).toEqual({
    columns: ['anonymous', 'CUSTOMER', 'ADMIN'],
    rows: [
      { root: 'Query', field: 'me', context: 'accounts', cells: ['allowed', 'allowed', 'allowed'] },
      { root: 'Query', field: 'roles', context: 'accounts', cells: ['UNAUTHENTICATED', 'allowed', 'allowed'] },
      { root: 'Query', field: 'orders', context: 'orders', cells: ['UNAUTHENTICATED', 'FORBIDDEN', 'allowed'] },
      { root: 'Mutation', field: 'order', context: 'orders', cells: ['UNAUTHENTICATED', 'allowed', 'FORBIDDEN'] },
    ],
  });
});

test('it is written into its place in the document, and read back', () => {
  const document = withRoles('before\n<!-- roles: npm run generate -->\nold\n<!-- /roles -->\nafter\n', supergraph);
  expect(document).toMatch(/^before\n.*\nafter\n$/s);
  expect(document).not.toContain('old');
  expect(withRoles(document, supergraph)).toBe(document);
  expect(documentedRoles(document)).toEqual(roleTable(supergraph));
  expect(() => withRoles('nothing', supergraph)).toThrow(ROLES);
});

test('clients are shown nothing of the directives', () => expect(api).not.toMatch(/@authenticated|@requiresScopes/));
