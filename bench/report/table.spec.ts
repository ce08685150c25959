import { expect, test } from 'vitest';
import { table } from './table.ts';

test('lines are aligned, aims are judged, failures are told', () => {
  const text = table([
    {
      name: 'page',
      lines: [{ what: 'me page', result: '1,234/s', spread: 'p50 1 ms', aim: '≥ 1,000/s', met: true, numbers: {}, notes: ['verified'] }],
    },
    { name: 'apply', lines: [{ what: 'apply', result: '1/s', spread: '', aim: '≥ 200/s', met: false, numbers: {} }] },
    { name: 'relay', lines: [], failed: 'effects are missing\n  at once' },
  ]);
  expect(text.split('\n')).toEqual([
    '| name  | what                | result  | spread   | aim       | met |',
    '|-------|---------------------|---------|----------|-----------|-----|',
    '| page  | me page             | 1,234/s | p50 1 ms | ≥ 1,000/s | yes |',
    '| apply | apply               | 1/s     |          | ≥ 200/s   | NO  |',
    '| relay | effects are missing | FAILED  |          |           | NO  |',
    '',
    '- page: verified',
    '- relay FAILED: effects are missing',
    '  at once',
  ]);
});
