import { expect, test } from 'vitest';
import type { RoundResult } from '../load/load.ts';
import { figuresOf, type RowResult, timesOf } from '../results.ts';
import { markdown, type Report } from './markdown.ts';
import { svg } from './svg.ts';

const round = (done: number): RoundResult => ({ done, wrong: 0, flaws: [], seconds: 2, cpuSeconds: 1, p50: 1, p99: 2 });
const result = (gateway: string, ...rounds: RoundResult[]): RowResult => ({ gateway, rounds, fetches: 6, bytes: 500, memoryMb: 100 });

const report: Report = {
  machine: { system: 'Linux', cpu: 'a <fast> one', cores: 2, memoryGb: 4, node: 'v24.0.0', load: 0, taken: 0 },
  warning: undefined,
  quick: false,
  date: '2026-01-02T03:04:05Z',
  contestants: [
    { name: 'madang', title: 'Madang', ours: true, versions: 'this repository' },
    { name: 'other', title: 'Other & Co', ours: false, versions: 'other 1.0.0' },
    { name: 'gone', title: 'Gone', ours: false, versions: '', missing: 'npm says:\nno | such package' },
  ],
  rows: [
    {
      workload: 'small',
      title: 'small answer',
      connections: 50,
      results: [{ ...result('other'), failed: 'wrong answers' }, result('madang', round(10), round(30), round(20))],
    },
  ],
  pushes: [],
};

test('figures are the medians of the rounds', () => {
  expect(figuresOf(result('madang', round(10), round(30), round(20)))).toEqual({
    perSecond: 10,
    perCpuSecond: 20,
    p50: 1,
    p99: 2,
    least: 10,
    most: 30,
  });
  expect(figuresOf(result('madang'))).toBeUndefined();
});

test('beside another gateway it is round by round, as machines have fast and slow minutes', () => {
  const other = result('other', round(5), round(5), round(1));
  expect(timesOf(result('madang', round(10), round(30), round(20)), other)).toBe(6);
  expect(timesOf(result('madang', round(10)), result('other'))).toBeUndefined();
  expect(timesOf(result('madang', round(10)), undefined)).toBeUndefined();
});

test('the page names who was not measured, and why', () => {
  const page = markdown(report);
  expect(page).toContain('| Gone | NOT MEASURED: npm says: no \\| such package |');
  expect(page).toContain('| Madang | 10.0 | **20.0** | 10.0–30.0 | – | 1.00 | 2.00 | 100 | 6.00 fetches |');
  expect(page).toContain('| Other & Co | – | – | – | – | – | – | – | wrong answers |');
});

test('the picture has the fastest on top, and is well formed', () => {
  const picture = svg(report);
  expect(picture.indexOf('Madang')).toBeLessThan(picture.indexOf('Other &amp; Co'));
  expect(picture).toContain('a &lt;fast&gt; one');
  expect(picture).toContain('does not answer it');
  expect(picture.match(/<rect/g)).toHaveLength(2);
});
