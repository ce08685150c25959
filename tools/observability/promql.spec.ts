import { expect, test } from 'vitest';
import { selectedBy } from './promql.ts';

test('metrics with the labels that are matched and grouped by', () => {
  expect(
    selectedBy('histogram_quantile(0.99, sum by (le, context) (rate(lag_bucket{outcome="ok", kind=~"a|b"}[$__rate_interval]))) > 1'),
  ).toEqual([{ metric: 'lag_bucket', labels: ['outcome', 'kind', 'le', 'context'], values: { outcome: 'ok' } }]);
  expect(selectedBy('sum(a_total{x!="1"}) / on (edge) b')).toEqual([
    { metric: 'a_total', labels: ['x', 'edge'], values: {} },
    { metric: 'b', labels: ['edge'], values: {} },
  ]);
  expect(selectedBy('sum without (le) (a)')).toEqual([{ metric: 'a', labels: [], values: {} }]);
});

test('what is no PromQL is told', () => {
  expect(() => selectedBy('sum by (le (a)')).toThrow(SyntaxError);
});
