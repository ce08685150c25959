/** A frame of a client, masked with zeros unless `bare`. */
export function frame(opcode: number, payload: Buffer, { fin = true, bare = false, length = payload.length, reserved = 0 } = {}): Buffer {
  const mask = bare ? 0 : 0x80;
  const head = [(fin ? 0x80 : 0) | (reserved << 4) | opcode];
  if (length < 126) head.push(mask | length);
  else if (length < 65_536) head.push(mask | 126, length >> 8, length & 0xff);
  else head.push(mask | 127, 0, 0, 0, 0, (length >>> 24) & 0xff, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff);
  return Buffer.concat([Buffer.from(head), bare ? Buffer.alloc(0) : Buffer.alloc(4), payload]);
}

/** Takes a server's frames out of bytes as they come. */
export function frames(take: (opcode: number, payload: Buffer) => void): (bytes: Buffer) => void {
  let left = Buffer.alloc(0);
  return (bytes) => {
    left = Buffer.concat([left, bytes]);
    for (;;) {
      if (left.length < 2) return;
      const short = (left[1] as number) & 0x7f;
      const from = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (left.length < from) return;
      const length = short < 126 ? short : short === 126 ? left.readUInt16BE(2) : Number(left.readBigUInt64BE(2));
      if (left.length < from + length) return;
      take((left[0] as number) & 0x0f, left.subarray(from, from + length));
      left = left.subarray(from + length);
    }
  };
}
