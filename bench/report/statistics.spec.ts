import { describe, expect, test } from 'vitest';
import { figure, percentiles, range, summary } from './statistics.ts';

describe('how values spread', () => {
  test('percentiles are values that occurred, whatever their order', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(summary(values)).toEqual({ count: 200, min: 1, p50: 100, p99: 198, max: 200 });
    expect(summary([7])).toEqual({ count: 1, min: 7, p50: 7, p99: 7, max: 7 });
  });

  test('of nothing there is nothing to say', () => {
    expect(percentiles(summary([]))).toBe('p50 – ms, p99 – ms');
  });

  test('figures have three digits or all before the point', () => {
    expect([0.4567, 12.34, 123.4, 12_345.6].map(figure)).toEqual(['0.46', '12.3', '123', '12,346']);
  });

  test('rounds are told from least to most', () => {
    expect(range([5.2, 4.1, 4.5], 's', 'rounds')).toBe('4.10–5.20 s over 3 rounds');
    expect(range([5.2], 's', 'rounds')).toBe('1 round');
  });
});
