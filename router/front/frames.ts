import type { Duplex } from 'node:stream';
import type { Result } from '../engine/engine.ts';
import { textOf } from './begin.ts';

const FINAL_TEXT = 0x81;
/** Above, copying costs more than a second buffer in the write. */
const COPIED_BYTES = 16 * 1024;

let last: { readonly result: Result; readonly bytes: Buffer } | undefined;

/** A result as JSON in UTF-8; written once for all who get it at once. */
export function bytesOf(result: Result): Buffer {
  if (last?.result !== result) last = { result, bytes: Buffer.from(textOf(result)) };
  return last.bytes;
}

/** Begins a server's text message of so many bytes, as RFC 6455 has it, with room for `room` bytes of it; what follows begins at `at`. */
function begin(length: number, room: number): { readonly frame: Buffer; readonly at: number } {
  const at = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(at + room);
  frame[0] = FINAL_TEXT;
  if (at === 2) frame[1] = length;
  else if (at === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  return { frame, at };
}

/** Writes a WebSocket message to the connection under it. False: it takes no more until it drains. */
export function writeText(connection: Duplex, text: string): boolean {
  const length = Buffer.byteLength(text);
  const { frame, at } = begin(length, length);
  frame.write(text, at);
  return connection.write(frame);
}

/** As {@link writeText}, of a JSON object whose last member is shared by many messages: `head`, then `shared`, then `}`. */
export function writeShared(connection: Duplex, head: string, shared: Buffer): boolean {
  const headLength = Buffer.byteLength(head);
  const length = headLength + shared.length + 1;
  const copied = shared.length <= COPIED_BYTES;
  const { frame, at } = begin(length, copied ? length : headLength);
  frame.write(head, at);
  if (copied) {
    shared.copy(frame, at + headLength);
    frame[at + length - 1] = 0x7d;
    return connection.write(frame);
  }
  connection.cork();
  connection.write(frame);
  connection.write(shared);
  const more = connection.write('}');
  connection.uncork();
  return more;
}
