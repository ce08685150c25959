import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { subjectOf } from './sdl.ts';
import { idlePublicFields, whoMayAsk } from './who-may-ask.ts';

const subject = (field: string, ...open: string[]) =>
  subjectOf({ context: 'orders', file: 'orders.graphql', document: parse(`type Query { ${field} }`) }, new Set(open));
const remarks = (field: string, ...open: string[]) => whoMayAsk.look(subject(field, ...open)).map(({ message }) => message);

const ADMIN = '@requiresScopes(scopes: [["role:MANAGER"], ["role:ADMIN"]])';

test.each([
  ['"Yours. Refused: `UNAUTHENTICATED`." order: Int @authenticated', []],
  [`"All, for MANAGER and ADMIN. Refused: \`UNAUTHENTICATED\`, \`FORBIDDEN\`." orders: Int ${ADMIN}`, []],
  ['"Inside." order: Int @inaccessible', []],
  ['"Yours." order: Int', ['Query.order does not say who may ask']],
  ['"Yours." order: Int @authenticated', ['Query.order is refused with UNAUTHENTICATED and does not say so']],
  [
    '"Refused: `UNAUTHENTICATED`, `FORBIDDEN`." order: Int @authenticated',
    ['Query.order says FORBIDDEN and has no directive that refuses so'],
  ],
  [`"For MANAGER. Refused: \`UNAUTHENTICATED\`, \`FORBIDDEN\`." order: Int ${ADMIN}`, ['Query.order is for ADMIN and does not say so']],
])('%s', (field, said) => expect(remarks(field)).toEqual(said));

test('what is listed as public has no directive, and no code', () => {
  expect(remarks('"All." order: Int', 'Query.order')).toEqual([]);
  expect(remarks('"All. Refused: `UNAUTHENTICATED`." order: Int @authenticated', 'Query.order')).toEqual([
    'Query.order is listed as public and has @authenticated',
  ]);
  expect(remarks('"All. Refused: `FORBIDDEN`." order: Int', 'Query.order')).toEqual([
    'Query.order says FORBIDDEN and has no directive that refuses so',
  ]);
});

test('what is listed as public is there', () => {
  const listed = new Set(['Query.order', 'Query.gone']);
  expect(idlePublicFields([subject('order: Int', ...listed)], listed).map(({ message }) => message)).toEqual([
    'Query.gone is listed as public, and there is no such field',
  ]);
});
