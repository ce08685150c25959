import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Finding } from '../finding.ts';
import { Repository } from '../repository.ts';
import type { Verdict } from '../run.ts';
import { RepositoryCopy } from '../testing/repository-copy.ts';
import { codeFrame } from './frame.ts';
import { annotation } from './github.ts';
import { MARK, markdown } from './markdown.ts';
import { plain, pretty } from './pretty.ts';

const FILE = 'schema/subgraphs/orders.graphql';

let copy: RepositoryCopy;
beforeEach(() => {
  copy = new RepositoryCopy().put(FILE, 'type Order {\n  "주문 금액" amount: Int\n  id: ID!\n}\n');
});
afterEach(() => copy.remove());

const removed: Finding = {
  check: 'compare',
  rule: 'field-type-changed',
  severity: 'error',
  change: 'breaking',
  message: "Field 'Order.amount' changed type from 'Int!' to 'Int'",
  for: 'query MyOrder (schema/operations/orders.graphql)',
  mend: 'keep it: @deprecated, 100%',
  at: { file: FILE, line: 2, column: 11 },
};
const safe: Finding = { check: 'compare', rule: 'field-added', severity: 'info', change: 'safe', message: "Field 'note' was added" };
const verdict = (...findings: Finding[]): Verdict => ({
  findings,
  checks: ['compose', 'compare'],
  base: 'main (0272916)',
  ms: { compose: 12, compare: 3 },
});
const shown = (...findings: Finding[]) => plain(pretty(verdict(...findings), new Repository(copy.root)));

test('people read what breaks, for whom, where, with the code, and what to do', () => {
  expect(shown(removed)).toContain(`error breaking · field-type-changed  Field 'Order.amount' changed type from 'Int!' to 'Int'
  for   query MyOrder (schema/operations/orders.graphql)
  at    schema/subgraphs/orders.graphql:2:11
          1 | type Order {
        > 2 |   "주문 금액" amount: Int
            |               ^
          3 |   id: ID!
  mend  keep it: @deprecated, 100%`);
  expect(shown(removed)).toMatch(/✗ compare {12}1 {9}· {9}1 {9}· {9}· {6}3 ms\n\n1 error; compared with main \(0272916\)/);
});

test('what is safe is only counted', () => {
  expect(shown(safe)).not.toContain('note');
  expect(shown(safe)).toMatch(/✓ compare .* 1 {6}3 ms\n\nGood; compared with main/);
});

test('a breaking change that is accepted is shown with its reason and no mend', () => {
  const text = shown({ ...removed, severity: 'info', accepted: { reason: 'nobody shows it', date: '2026-11-20' } });
  expect(text).toContain('accepted 2026-11-20: nobody shows it');
  expect(text).not.toContain('mend');
});

test('a place that is not there any more has no frame', () => {
  expect(codeFrame({ file: FILE, line: 99, column: 1 }, new Repository(copy.root))).toBeUndefined();
  expect(codeFrame({ file: 'gone.graphql', line: 1 }, new Repository(copy.root))).toBeUndefined();
});

test('an annotation of GitHub escapes what would end it', () => {
  expect(annotation(removed)).toBe(
    `::error file=${FILE},line=2,col=11,title=compare%3A field-type-changed::Field 'Order.amount' changed type from 'Int!' to 'Int'%0AFor: query MyOrder (schema/operations/orders.graphql)%0AMend: keep it: @deprecated, 100%25`,
  );
});

test('the summary has a table, what is wrong, and the rest folded; nobody is mentioned by a directive’s name', () => {
  const text = markdown(verdict(removed, safe));
  expect(text.startsWith(MARK)).toBe(true);
  expect(text).toContain('| ❌ compare | 1 | 0 | 1 | 0 | 1 |');
  expect(text).toContain(`- ❌ **breaking** Field 'Order.amount' changed type from 'Int!' to 'Int' (field-type-changed) \`${FILE}:2\``);
  expect(text).toContain('<details><summary>1 changes that pass</summary>');
  expect(text).not.toContain('@deprecated');
});
