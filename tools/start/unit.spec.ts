import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Launched, unit } from './unit.ts';

/** A process that does what the test says. */
function fake() {
  const ready = Promise.withResolvers<void>();
  const exited = Promise.withResolvers<string>();
  const end = (how: string) => {
    ready.reject(new Error(how));
    exited.resolve(how);
  };
  ready.promise.catch(() => {});
  const launched: Launched = { pid: () => undefined, ready: ready.promise, exited: exited.promise, stop: async () => end('SIGTERM') };
  return { launched, isReady: () => ready.resolve(), end };
}

let launches: ReturnType<typeof fake>[];
let said: string[];
const last = () => launches.at(-1) as ReturnType<typeof fake>;
const make = (autoRestart = true) =>
  unit({
    name: 'payments',
    url: '',
    autoRestart,
    launch: () => {
      launches.push(fake());
      return last().launched;
    },
    report: { note: (line) => said.push(line), warn: (line) => said.push(line) },
    changed() {},
  });
const started = async (autoRestart?: boolean) => {
  const it = make(autoRestart);
  const start = it.start();
  last().isReady();
  await start;
  return it;
};
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  launches = [];
  said = [];
});
afterEach(() => vi.useRealTimers());

test("a start that fails is the caller's, and not tried again", async () => {
  const it = make();
  const start = it.start();
  last().end('exit 1');
  await expect(start).rejects.toThrow('exit 1');
  await vi.advanceTimersByTimeAsync(60_000);
  expect([it.state, launches.length]).toEqual(['down', 1]);
});

test('who crashes again and again is started again after longer and longer pauses', async () => {
  await started();
  last().end('exit 7');
  for (let crash = 0; crash < 7; crash++) {
    await vi.runOnlyPendingTimersAsync();
    last().end('exit 7');
    await settle();
  }
  const pauses = said.map((line) => /in ([\d.]+) s/.exec(line)?.[1]);
  expect(pauses).toEqual(['0.25', '0.5', '1', '2', '4', '8', '10', '10']);
});

test('a crash after a calm time counts as the first one', async () => {
  await started();
  for (let crash = 0; crash < 2; crash++) {
    await vi.advanceTimersByTimeAsync(60_000);
    last().end('exit 7');
    await vi.advanceTimersByTimeAsync(250);
    last().isReady();
    await settle();
  }
  expect(said).toEqual([
    'payments ended (exit 7); starting it again in 0.25 s',
    'payments is back',
    'payments ended (exit 7); starting it again in 0.25 s',
    'payments is back',
  ]);
});

test('a restart that somebody asks for overtakes the one that is due', async () => {
  const it = await started();
  last().end('exit 7');
  await settle();
  const restart = it.restart();
  await settle();
  last().isReady();
  await restart;
  await vi.advanceTimersByTimeAsync(60_000);
  expect([it.state, launches.length]).toEqual(['ready', 2]);
});

test('a restart while it is being started again replaces that attempt', async () => {
  const it = await started();
  last().end('exit 7');
  await vi.advanceTimersByTimeAsync(250);
  const restart = it.restart();
  await settle();
  last().isReady();
  await restart;
  await vi.advanceTimersByTimeAsync(60_000);
  expect([it.state, launches.length]).toEqual(['ready', 3]);
});

test('who is stopped stays stopped', async () => {
  const it = await started();
  last().end('exit 7');
  await settle();
  await it.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([it.state, launches.length]).toEqual(['stopped', 1]);
});

test('without automatic restarts it stays down', async () => {
  const it = await started(false);
  last().end('exit 7');
  await vi.advanceTimersByTimeAsync(60_000);
  expect([it.state, launches.length, said]).toEqual(['down', 1, ['payments ended (exit 7); it stays down']]);
});
