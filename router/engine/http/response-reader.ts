/** An answer that is not HTTP/1.1, or that nobody can tell the end of. */
export class BadResponse extends Error {
  override name = 'BadResponse';
  readonly code = 'BAD_RESPONSE';
}

/** Most bytes of a head, and of a line between chunks. */
const HEAD_BYTES = 16 * 1024;
const STATUS = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/;
const FIELD = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;
const LENGTH = /^\d{1,15}$/;
const CHUNK = /^([\da-fA-F]{1,12})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;
const CR = 0x0d;
const LF = 0x0a;
const NOTHING = Buffer.alloc(0);

type Body = 'none' | 'length' | 'chunks' | 'rest';
/** What comes next of a body in chunks. */
type Next = 'size' | 'data' | 'end' | 'trailer';

/**
 * Reads one HTTP/1.1 response (RFC 9112) as it comes in. Strict: what might be understood in two ways is an error.
 * @throws BadResponse
 */
export class ResponseReader {
  status = 0;
  retryAfter: string | undefined;
  /** Whether the server keeps the connection. */
  isKept = true;
  /** For how long the server says that it keeps it when nothing comes. */
  keptSeconds: number | undefined;
  #inHead = true;
  #body: Body = 'none';
  #next: Next = 'size';
  /** Bytes that the body, or the chunk, still has. */
  #left = 0;
  /** Read, but not understood yet. */
  #pending: Buffer = NOTHING;
  readonly #parts: Buffer[] = [];

  /**
   * @param bytes the caller's again once the {@link text} of a response that is complete with them is taken
   * @returns what comes after the response, mostly nothing; null when it is not complete yet
   */
  read(bytes: Buffer): Buffer | null {
    const before = this.#parts.length;
    const after = this.#read(bytes);
    if (after === null) this.#keep(before);
    return after;
  }

  #read(bytes: Buffer): Buffer | null {
    let rest: Buffer | null = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    this.#pending = NOTHING;
    while (this.#inHead) {
      rest = this.#head(rest);
      if (rest === null) return null;
    }
    switch (this.#body) {
      case 'none':
        return rest;
      case 'length':
        return this.#take(rest);
      case 'chunks':
        return this.#chunks(rest);
      case 'rest':
        if (rest.length > 0) this.#parts.push(rest);
        return null;
    }
  }

  /** The server has ended the connection: whether the response is complete with that. */
  end(): boolean {
    return !this.#inHead && this.#body === 'rest';
  }

  text(): string {
    const [first, ...others] = this.#parts;
    if (first === undefined) return '';
    return others.length === 0 ? first.toString('utf8') : Buffer.concat(this.#parts).toString('utf8');
  }

  /** The bytes are the caller's: what is needed of them later is copied. */
  #keep(from: number): void {
    for (let at = from; at < this.#parts.length; at++) this.#parts[at] = Buffer.from(this.#parts[at] as Buffer);
    this.#pending = Buffer.from(this.#pending);
  }

  #wait(bytes: Buffer): null {
    if (bytes.length > HEAD_BYTES) throw new BadResponse(`more than ${HEAD_BYTES} bytes of head`);
    this.#pending = bytes;
    return null;
  }

  #head(bytes: Buffer): Buffer | null {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return this.#wait(bytes);
    if (end > HEAD_BYTES) throw new BadResponse(`more than ${HEAD_BYTES} bytes of head`);
    const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
    const [, minor, code] = STATUS.exec(first) ?? [];
    if (code === undefined) throw new BadResponse('no status line of HTTP/1.1');
    this.status = Number(code);
    const rest = bytes.subarray(end + 4);
    if (this.status === 101) throw new BadResponse('another protocol');
    if (this.status < 200) return rest;
    this.#inHead = false;
    this.isKept = minor === '1';
    this.#fields(lines);
    return rest;
  }

  #fields(lines: readonly string[]): void {
    let length: string | undefined;
    let coding: string | undefined;
    for (const line of lines) {
      const [, name, value = ''] = FIELD.exec(line) ?? [];
      if (name === undefined) throw new BadResponse('a header that is none');
      switch (name.toLowerCase()) {
        case 'content-length':
          if (!LENGTH.test(value) || (length !== undefined && length !== value)) throw new BadResponse('no one content-length');
          length = value;
          break;
        case 'transfer-encoding':
          if (coding !== undefined || value.toLowerCase() !== 'chunked') throw new BadResponse('a transfer-encoding other than chunked');
          coding = value;
          break;
        case 'connection':
          if (/(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(value)) this.isKept = false;
          else if (/(?:^|,)[ \t]*keep-alive[ \t]*(?:,|$)/i.test(value)) this.isKept = true;
          break;
        case 'keep-alive':
          this.keptSeconds = Number(/(?:^|,)[ \t]*timeout=(\d{1,9})/i.exec(value)?.[1] ?? Number.NaN);
          if (Number.isNaN(this.keptSeconds)) this.keptSeconds = undefined;
          break;
        case 'retry-after':
          this.retryAfter ??= value;
          break;
      }
    }
    if (length !== undefined && coding !== undefined) throw new BadResponse('content-length and transfer-encoding');
    this.#left = Number(length ?? 0);
    if (this.status === 204 || this.status === 304) this.#body = 'none';
    else if (coding !== undefined) this.#body = 'chunks';
    else if (length !== undefined) this.#body = 'length';
    else {
      this.#body = 'rest';
      this.isKept = false;
    }
  }

  /** Bytes of the body. @returns what comes after them; null when some are missing */
  #take(bytes: Buffer): Buffer | null {
    const part = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
    if (part.length > 0) this.#parts.push(part);
    this.#left -= part.length;
    return this.#left > 0 ? null : bytes.subarray(part.length);
  }

  #chunks(bytes: Buffer): Buffer | null {
    let rest = bytes;
    for (;;) {
      if (this.#next === 'data') {
        const after = this.#take(rest);
        if (after === null) return null;
        rest = after;
        this.#next = 'end';
      }
      const end = rest.indexOf(LF);
      if (end < 0) return this.#wait(rest);
      if (end === 0 || rest[end - 1] !== CR || end > HEAD_BYTES) throw new BadResponse('a line that does not end as it should');
      const line = rest.toString('latin1', 0, end - 1);
      rest = rest.subarray(end + 1);
      if (this.#next === 'end') {
        if (line !== '') throw new BadResponse('a chunk that is longer than it says');
        this.#next = 'size';
      } else if (this.#next === 'size') {
        const size = CHUNK.exec(line)?.[1];
        if (size === undefined) throw new BadResponse('a chunk without a size');
        this.#left = Number.parseInt(size, 16);
        this.#next = this.#left === 0 ? 'trailer' : 'data';
      } else if (line === '') return rest;
      else if (!FIELD.test(line)) throw new BadResponse('a trailer that is none');
    }
  }
}
