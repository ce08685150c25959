import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { UNUSUAL, writerOf } from './generated.ts';

const field = (key: string, nonNull = false) => ({ key, number: -1, nonNull, write: null });

describe('generated code', () => {
  it('writes what is as it should be, and nothing else', () => {
    const write = writerOf([field('title'), field('pages', true)], (object, key) => object[key]);
    expect(write?.({ pages: 3, more: true }, { names: [] })).toEqual({ title: null, pages: 3 });
    for (const other of [{ title: 't' }, { pages: null }, 'text', 3]) expect(write?.(other, { names: [] })).toBe(UNUSUAL);
  });

  it('has no names in it but as texts', () => {
    const names = ["'", '"', '`', '\\', '\n', '\u2028', '*/', ']: globalThis.seen = 1, ["', '__proto__'];
    const write = writerOf(
      names.map((name) => field(name)),
      (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined),
    );
    const object = Object.fromEntries(names.map((name, at) => [name, at]));
    expect(Object.entries(write?.(object, { names: [] }) as object)).toEqual(Object.entries(object));
    expect(globalThis).not.toHaveProperty('seen');
  });

  it('is not made where Node forbids it', async () => {
    const script = `const { writerOf } = await import(${JSON.stringify(new URL('generated.ts', import.meta.url).href)});
      console.log(writerOf([], () => 0));`;
    const args = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', script];
    expect((await promisify(execFile)(process.execPath, args)).stdout).toBe('null\n');
  });
});
