import { expect, it } from 'vitest';
import { fuzzRequests } from './fuzz.ts';

/** `npm run fuzz:requests` sends a hundred thousand. */
const COUNT = 1_000;
/** Bytes. What one request would leave, if each left something, is told by the long run; this is for what leaves a lot. */
const LEFT_OF_EACH = 20_000;

it('whatever is sent is answered with a clear error, and leaves nothing behind', { timeout: 120_000 }, async () => {
  const { requests, messages, findings, faults, open, heap } = await fuzzRequests({ count: COUNT, seed: 'ci', atOnce: 40 });
  expect({ findings, faults }).toEqual({ findings: [], faults: [] });
  expect(Object.entries(open).filter(([, count]) => count > 0)).toEqual([]);
  expect(requests + messages).toBeGreaterThanOrEqual(COUNT);
  expect((heap.after - heap.before) / COUNT).toBeLessThan(LEFT_OF_EACH);
});
