import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { temporaryFolder } from '../../tools/servers/temporary.ts';
import { REPOSITORY } from '../../tools/start/settings.ts';
import type { Bench, Line, Measure } from '../bench.ts';
import { figure, range, summary } from '../report/statistics.ts';
import { npmStart } from '../system/npm-start.ts';

const LATER_AIM_S = 5;
const FRESH_AIM_S = 60;

function line(what: string, seconds: readonly number[], aim: number): Line {
  const { p50, min, max } = summary(seconds);
  return {
    what,
    result: `${figure(p50)} s`,
    spread: range(seconds, 's', 'rounds'),
    aim: `≤ ${aim} s`,
    met: p50 <= aim,
    numbers: { seconds: p50, minSeconds: min, maxSeconds: max },
  };
}

/** A start as a user does it, and its end. @returns seconds until it was ready */
async function startAndStop(bench: Bench, folder: string, args: readonly string[], begun?: number): Promise<number> {
  const running = await npmStart(folder, args, bench.signal, begun);
  bench.atEnd(running.stop);
  await running.stop();
  return running.seconds;
}

/** `npm start` where everything has been started before. */
export const start: Measure = {
  name: 'start',
  async run(bench) {
    const folder = temporaryFolder();
    bench.atEnd(folder.remove);
    const args = ['--data-dir', path.join(folder.path, 'data')];
    bench.say('start: once to make the databases');
    await startAndStop(bench, REPOSITORY, args);
    const rounds = bench.quick ? 2 : 5;
    const seconds: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      seconds.push(await startAndStop(bench, REPOSITORY, args));
      bench.say(`start: round ${round} of ${rounds}: ${figure(seconds.at(-1) ?? 0)} s`);
    }
    folder.remove();
    return [line('npm start, a later one, until the printed endpoint answers', seconds, LATER_AIM_S)];
  },
};

/** What a newcomer waits for. */
export const clone: Measure = {
  name: 'clone',
  slow: true,
  async run(bench) {
    const rounds = 2;
    const seconds: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      const folder = temporaryFolder();
      bench.atEnd(folder.remove);
      const fresh = path.join(folder.path, 'madang');
      const begun = performance.now();
      await git(['clone', '--quiet', REPOSITORY, fresh], bench.signal);
      seconds.push(await startAndStop(bench, fresh, [], begun));
      folder.remove();
      bench.say(`clone: round ${round} of ${rounds}: ${figure(seconds.at(-1) ?? 0)} s`);
    }
    return [line('git clone of HEAD, npm start (npm ci from a warm cache), until the printed endpoint answers', seconds, FRESH_AIM_S)];
  },
};

async function git(args: readonly string[], signal: AbortSignal): Promise<void> {
  const child = spawn('git', args, { stdio: ['ignore', 'ignore', 'pipe'], signal });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${complaint}`);
}
