import { expect, it } from 'vitest';
import { inLine } from './in-line.ts';

const gate = () => Promise.withResolvers<void>();

it('does one after the other what is on the same thing, and side by side what is not', async () => {
  const run = inLine();
  const story: string[] = [];
  const [first, other] = [gate(), gate()];
  const step = (name: string, until: Promise<void>) => async () => {
    story.push(`${name} begins`);
    await until;
    story.push(`${name} ends`);
  };
  const all = [run('a', step('first', first.promise)), run('a', step('second', Promise.resolve())), run('b', step('other', other.promise))];
  other.resolve();
  await all[2];
  expect(story).toEqual(['first begins', 'other begins', 'other ends']);
  first.resolve();
  await Promise.all(all);
  expect(story.slice(3)).toEqual(['first ends', 'second begins', 'second ends']);
});

it('tells who had to wait for others', async () => {
  const run = inLine();
  const alone = async (alone: boolean) => alone;
  expect(await Promise.all([run('a', alone), run('a', alone), run('b', alone)])).toEqual([true, false, true]);
  expect(await run('a', alone)).toBe(true);
});

it('hands a failure to whoever asked for that, and goes on', async () => {
  const run = inLine();
  const [failed, done] = await Promise.allSettled([run('a', () => Promise.reject(new Error('out'))), run('a', async () => 1)]);
  expect([failed.status, done]).toEqual(['rejected', { status: 'fulfilled', value: 1 }]);
  expect(await run('a', async () => 2)).toBe(2);
});
