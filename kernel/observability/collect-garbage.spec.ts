import { expect, test } from 'vitest';
import { collectGarbage } from './collect-garbage.ts';

test('what nobody holds any more is gone, and nobody else gets at the collector', () => {
  const forgotten = new WeakRef({ rows: Array.from({ length: 1_000 }, (_, at) => ({ at })) });
  return new Promise<void>((done) => setTimeout(done)).then(() => {
    collectGarbage();
    expect(forgotten.deref()).toBeUndefined();
    expect('gc' in globalThis).toBe(false);
  });
});
