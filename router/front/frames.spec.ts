import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { bytesOf, writeShared, writeText } from './frames.ts';

/** The text of one frame, as RFC 6455 has it: final, text, not masked, in the shortest form of its length. */
function textIn(frame: Buffer): string {
  const [first, short = 0] = frame;
  const at = short < 126 ? 2 : short === 126 ? 4 : 10;
  const length = at === 2 ? short : at === 4 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2));
  expect([first, frame.length - at]).toEqual([0x81, length]);
  expect(length).toBeGreaterThanOrEqual({ 2: 0, 4: 126, 10: 65_536 }[at] ?? 0);
  return frame.toString('utf8', at);
}

/** What a client reads of what is written to a connection. */
function client() {
  const connection = new PassThrough({ highWaterMark: 64 * 1024 });
  const read = async () => {
    connection.end();
    return textIn(Buffer.concat(await connection.toArray()));
  };
  return { connection, read };
}

// Around the lengths at which a frame's header, and the way it is written, change.
const LENGTHS = [0, 40, 80, 84, 85, 90, 16_383, 16_384, 16_385, 65_490, 65_493, 65_494, 65_500, 70_000, 1_000_000];

describe('a message', () => {
  it.each(LENGTHS)('with a shared part of %i letters arrives as it was written', async (length) => {
    const result = { data: { text: 'x'.repeat(length) } };
    const { connection, read } = client();
    writeShared(connection, '{"id":"1","type":"next","payload":', bytesOf(result));
    expect(JSON.parse(await read())).toEqual({ id: '1', type: 'next', payload: result });
  });

  it('is UTF-8, whatever is in it', async () => {
    const result = { data: { text: '마당 — "🏡" \ud800' } };
    const { connection, read } = client();
    writeShared(connection, '{"id":"가","type":"next","payload":', bytesOf(result));
    expect(JSON.parse(await read())).toEqual({ id: '가', type: 'next', payload: result });
    const other = client();
    writeText(other.connection, '{"id":"나"}');
    expect(await other.read()).toBe('{"id":"나"}');
  });

  it('says when the connection takes no more', () => {
    const full = new Writable({ highWaterMark: 64 * 1024, write: () => {} });
    const result = { data: { text: 'x'.repeat(30_000) } };
    expect([1, 2, 3].map(() => writeShared(full, '{', bytesOf(result)))).toEqual([true, true, false]);
    expect(writeText(full, '{}')).toBe(false);
  });

  it('shares what is the same', () => {
    const [one, two] = [{ data: { a: 1 } }, { data: { a: 2 } }];
    expect(bytesOf(one)).toBe(bytesOf(one));
    expect([bytesOf(one), bytesOf(two), bytesOf(one)].map(String)).toEqual(['{"data":{"a":1}}', '{"data":{"a":2}}', '{"data":{"a":1}}']);
  });
});
