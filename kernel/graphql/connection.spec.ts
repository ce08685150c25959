import { uuidv7 } from 'uuidv7';
import { expect, test } from 'vitest';
import { type Connection, connectionOf, pageOf } from './index.ts';

const rows = Array.from({ length: 5 }, () => ({ id: uuidv7() })).reverse();
/** As a read model does: `where id < cursorId order by id desc limit take`. */
const fetched = ({ take, cursorId }: { take: number; cursorId?: string }) =>
  rows.filter(({ id }) => cursorId === undefined || id < cursorId).slice(0, take);

test('pages follow one another without a gap', () => {
  const seen: string[] = [];
  let after: string | null = null;
  let more = true;
  while (more) {
    const { edges, pageInfo }: Connection<{ id: string }> = connectionOf(fetched(pageOf({ first: 2, after })), 2, ({ id }) => id, {
      after,
    });
    seen.push(...edges.map(({ node }) => node.id));
    expect(pageInfo).toEqual({
      hasNextPage: seen.length < 5,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor,
      endCursor: edges.at(-1)?.cursor,
    });
    after = pageInfo.endCursor;
    more = pageInfo.hasNextPage;
  }
  expect(seen).toEqual(rows.map(({ id }) => id));
});

test('nothing there is an empty page', () => {
  expect(connectionOf([], 20, String)).toEqual({
    edges: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  });
});

test('first is 20 when it is left out or null', () => {
  expect(pageOf({})).toEqual({ take: 21 });
  expect(pageOf({ first: null, after: null })).toEqual({ take: 21 });
  expect(
    connectionOf(
      Array.from({ length: 21 }, () => 'x'),
      null,
      String,
    ).edges,
  ).toHaveLength(20);
});

test.each([0, -1, 101, 1.5])('first: %d is refused', (first) => {
  expect(() => pageOf({ first })).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: { field: 'first' } }));
});

test.each(['', 'nonsense', 'bm90IGpzb24', Buffer.from('"no uuid"').toString('base64url'), Buffer.from('{"id":1}').toString('base64url')])(
  'after: %j is refused',
  (after) => {
    expect(() => pageOf({ after })).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: { field: 'after' } }));
  },
);
