import { expect, test, vi } from 'vitest';

test('the process is measured once, every metric has its context', async () => {
  vi.resetModules();
  const { createMetrics } = await import('./metrics.ts');
  const [first, second] = [createMetrics({ context: 'a' }), createMetrics({ context: 'b' })];
  expect(await first.metrics()).toContain('process_cpu_seconds_total{context="a"}');
  expect(await second.metrics()).not.toContain('process_cpu');
});
