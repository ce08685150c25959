import { expect, it } from 'vitest';
import { routerMetrics } from '../../metrics.ts';
import { AnswerCache, type Entry } from './cache.ts';

const entry = (key: string, more: Partial<Entry> = {}): Entry => ({
  key,
  subgraph: 'books',
  scope: 'PUBLIC',
  expiresAt: 1_000,
  tags: ['subgraph books'],
  ...more,
});

const made = (bytes = 1_000_000) => new AnswerCache(bytes, routerMetrics());
const texts = (cache: AnswerCache, keys: string) => [...keys].map((key) => cache.get(key, 0)?.text);

it('keeps an answer until it is too old', () => {
  const cache = made();
  cache.place(entry('a')).fill('A');
  expect(cache.get('a', 999)).toEqual({ text: 'A', expiresAt: 1_000 });
  expect(cache.get('a', 1_000)).toBeUndefined();
  expect(cache.bytes).toBe(0);
});

it('drops what has a tag, and nothing else', () => {
  const cache = made();
  cache.place(entry('a', { tags: ['any Book', 'one Pen 1'] })).fill('A');
  cache.place(entry('b', { tags: ['any Book'] })).fill('B');
  cache.place(entry('c', { tags: ['one Pen 2'] })).fill('C');
  cache.drop('one Pen 1', 'event');
  expect(texts(cache, 'abc')).toEqual([undefined, 'B', 'C']);
  cache.drop('any Book', 'event');
  expect(texts(cache, 'abc')).toEqual([undefined, undefined, 'C']);
  cache.clear('deaf');
  expect([texts(cache, 'abc'), cache.bytes]).toEqual([[undefined, undefined, undefined], 0]);
});

it('does not keep what was asked before a change and answered after it', () => {
  const cache = made();
  const before = cache.place(entry('a', { tags: ['any Book'] }));
  cache.drop('any Book', 'event');
  const after = cache.place(entry('a', { tags: ['any Book'] }));
  after.fill('new');
  before.fill('old');
  expect(texts(cache, 'a')).toEqual(['new']);
});

it('keeps nothing that began before all was dropped', () => {
  const cache = made();
  const before = cache.place(entry('a'));
  cache.clear('deaf');
  before.fill('old');
  expect(texts(cache, 'a')).toEqual([undefined]);
});

it('has the later of two answers to the same, and counts it once', () => {
  const cache = made();
  const [one, other] = [cache.place(entry('a')), cache.place(entry('a'))];
  one.fill('A');
  const { bytes } = cache;
  other.fill('B');
  expect([texts(cache, 'a'), cache.bytes]).toEqual([['B'], bytes]);
  cache.drop('subgraph books', 'event');
  expect([texts(cache, 'a'), cache.bytes]).toEqual([[undefined], 0]);
});

it('has room for so many bytes: what was used least recently goes', () => {
  const cache = made(3 * 450);
  for (const key of 'abc') cache.place(entry(key)).fill('x');
  cache.get('a', 0);
  cache.place(entry('d')).fill('x');
  expect(texts(cache, 'abcd')).toEqual(['x', undefined, 'x', 'x']);
  cache.place(entry('e')).fill('x'.repeat(2_000));
  expect(texts(cache, 'abcde')).toEqual(['x', undefined, 'x', 'x', undefined]);
});

it('forgets what never came', () => {
  const cache = made();
  const place = cache.place(entry('a'));
  place.leave();
  place.fill('A');
  expect([texts(cache, 'a'), cache.bytes]).toEqual([[undefined], 0]);
});
