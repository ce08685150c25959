import { describe, expect, it } from 'vitest';
import { ResponseReader } from './response-reader.ts';

const response = (head: string, body = '') => Buffer.from(`${head.replaceAll('\n', '\r\n')}\r\n\r\n${body}`, 'utf8');

/** Reads it in those parts. */
function read(parts: readonly Buffer[]) {
  const reader = new ResponseReader();
  let after: Buffer | null = null;
  for (const part of parts) after = reader.read(part);
  return { reader, after: after?.toString() ?? null };
}

const chunked = response(
  'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nKeep-Alive: timeout=5, max=100\nRetry-After: 3',
  '5;name="v"\r\n{"가\r\ne\r\n나":1,\n"b":2}\r\n0\r\nx-trailer: t\r\n\r\n',
);
const whole = [
  ['of a length', response('HTTP/1.1 200 OK\ncontent-length: 9', '{"가":1}')],
  ['in chunks', chunked],
  ['after one that informs', response('HTTP/1.1 103 Early Hints\nlink: x\n\nHTTP/1.1 200 OK\ncontent-length: 0')],
] as const;

describe('a response', () => {
  it.each(whole)('%s is read, wherever it is cut', (_, bytes) => {
    const text = read([bytes]).reader.text();
    for (let at = 0; at < bytes.length; at++) {
      const { reader, after } = read([bytes.subarray(0, at), bytes.subarray(at)]);
      expect([reader.status, reader.text(), after], `cut at ${at}`).toEqual([200, text, '']);
    }
    const bits = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
    expect(read(bits).reader.text()).toBe(text);
    expect(read([bytes.subarray(0, -1)]).after).toBeNull();
  });

  it.each(whole)('%s is read from a buffer that is used again for each part', (_, bytes) => {
    const text = read([bytes]).reader.text();
    const buffer = Buffer.alloc(8);
    const reader = new ResponseReader();
    let after: Buffer | null = null;
    for (let at = 0; at < bytes.length; at += buffer.length) after = reader.read(buffer.subarray(0, bytes.copy(buffer, 0, at)));
    expect([reader.text(), after?.length]).toEqual([text, 0]);
  });

  it('has its text, and what the server says of the connection', () => {
    const { reader } = read([chunked]);
    expect([reader.text(), reader.isKept, reader.keptSeconds, reader.retryAfter]).toEqual(['{"가나":1,\n"b":2}', true, 5, '3']);
    expect(read([response('HTTP/1.1 200 OK\ncontent-length: 0\nconnection: Keep-Alive, Close')]).reader.isKept).toBe(false);
    expect(read([response('HTTP/1.0 200 OK\ncontent-length: 0')]).reader.isKept).toBe(false);
    expect(read([response('HTTP/1.0 200 OK\ncontent-length: 0\nconnection: keep-alive')]).reader.isKept).toBe(true);
  });

  it('has no body where there can be none, and gives back what follows it', () => {
    expect(read([response('HTTP/1.1 204 No Content', 'HTTP')]).after).toBe('HTTP');
    expect(read([response('HTTP/1.1 200 OK\ncontent-length: 2', '{}HTTP')]).after).toBe('HTTP');
  });

  it('without a length ends with the connection, and no other does', () => {
    const { reader, after } = read([response('HTTP/1.1 200 OK', '{"a"'), Buffer.from(':1}')]);
    expect([after, reader.end(), reader.text(), reader.isKept]).toEqual([null, true, '{"a":1}', false]);
    expect(read([response('HTTP/1.1 200 OK\ncontent-length: 3', '{}')]).reader.end()).toBe(false);
    expect(read([chunked.subarray(0, -2)]).reader.end()).toBe(false);
    expect(new ResponseReader().end()).toBe(false);
  });

  it.each([
    ['another protocol', response('HTTP/2 200')],
    ['no status', response('HTTP/1.1 20 OK')],
    ['an upgrade', response('HTTP/1.1 101 Switching Protocols')],
    ['two lengths', response('HTTP/1.1 200 OK\ncontent-length: 1\ncontent-length: 2')],
    ['a list of lengths', response('HTTP/1.1 200 OK\ncontent-length: 1, 1')],
    ['a negative length', response('HTTP/1.1 200 OK\ncontent-length: -1')],
    ['a length and chunks', response('HTTP/1.1 200 OK\ncontent-length: 1\ntransfer-encoding: chunked')],
    ['another coding', response('HTTP/1.1 200 OK\ntransfer-encoding: gzip, chunked')],
    ['chunked twice', response('HTTP/1.1 200 OK\ntransfer-encoding: chunked\ntransfer-encoding: chunked')],
    ['a header that goes on', response('HTTP/1.1 200 OK\ncontent-length: 1\n 2')],
    ['a space before the colon', response('HTTP/1.1 200 OK\ncontent-length : 1')],
    ['a line feed alone', Buffer.from('HTTP/1.1 200 OK\r\nx: y\ncontent-length: 1\r\n\r\n')],
    ['a size that is none', response('HTTP/1.1 200 OK\ntransfer-encoding: chunked', '0x5\r\nhello\r\n')],
    ['a chunk that is longer', response('HTTP/1.1 200 OK\ntransfer-encoding: chunked', '2\r\nhello\r\n')],
    ['a chunk’s line feed alone', response('HTTP/1.1 200 OK\ntransfer-encoding: chunked', '2\n{}\r\n')],
    ['a trailer that is none', response('HTTP/1.1 200 OK\ntransfer-encoding: chunked', '0\r\nnone\r\n\r\n')],
    ['a head without end', Buffer.from(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}`)],
    ['a size without end', response('HTTP/1.1 200 OK\ntransfer-encoding: chunked', '1'.repeat(20_000))],
  ])('with %s is refused', (_, bytes) => {
    expect(() => read([bytes])).toThrow(expect.objectContaining({ code: 'BAD_RESPONSE' }));
  });
});
