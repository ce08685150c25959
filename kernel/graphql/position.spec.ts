import { expect, test } from 'vitest';
import { cursorOf, positionFrom } from './position.ts';

const position = { epoch: '2026-01-01T00:00:00.123456789Z', sequence: 42, time: 1_767_225_600_000, eventId: '0190' };

test('a cursor is opaque and holds the position', () => {
  const cursor = cursorOf('DELIVERIES', position);
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(positionFrom('DELIVERIES', cursor)).toEqual(position);
});

test.each([
  ['of another stream', cursorOf('PAYMENTS', position)],
  ['empty', ''],
  ['cut', cursorOf('DELIVERIES', position).slice(0, 20)],
  ['with a negative sequence', cursorOf('DELIVERIES', { ...position, sequence: -1 })],
  ['with a time that is no number', Buffer.from('["DELIVERIES","x",1,"now",""]').toString('base64url')],
])('a cursor that is %s is refused', (_, cursor) => {
  expect(() => positionFrom('DELIVERIES', cursor)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: { field: 'after' } }));
});
