import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { freePort } from '../../tools/servers/ports.ts';
import { Client } from './client.ts';
import { until } from './until.ts';

/** A platform that was started as a user does it. */
export interface NpmStart {
  /** From the first key to the first answer of the endpoint that was printed. */
  readonly seconds: number;
  /** Ctrl-C, and until everything is gone. */
  stop(): Promise<void>;
}

const PRINTED = /GraphQL +(http:\/\/localhost:\d+\/graphql)/;
const STARTS_WITHIN_MS = 300_000;
const STOPS_WITHIN_MS = 60_000;
const FIRST_QUERY = '{ books(first: 3) { edges { node { id title price } } } }';

/** The environment of a user's shell: without what `npm run bench` has put into it. */
function shell(more: Record<string, string>): NodeJS.ProcessEnv {
  const left = Object.entries(process.env).filter(
    ([name]) =>
      !/^npm_(lifecycle|package|command|execpath|node_execpath|config_local_prefix)|^(INIT_CWD|DATABASE_URL|NATS_URL|NODE_OPTIONS|NODE_COMPILE_CACHE)$/.test(
        name,
      ),
  );
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => !/node_modules|node-gyp-bin/.test(folder));
  return { ...Object.fromEntries(left), PATH: folders.join(path.delimiter), ...more };
}

/** Types `npm start` in that folder; `begun` is when the clock began to run, of `performance.now()`. */
export async function npmStart(folder: string, args: readonly string[], signal: AbortSignal, begun = performance.now()): Promise<NpmStart> {
  const env = shell({ PORT: String(await freePort()) });
  const npm = spawn('npm', ['start', ...(args.length > 0 ? ['--', ...args] : [])], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  // The pipes are closed when the last process that writes to them has ended.
  const gone = once(npm, 'close');
  const stop = async () => {
    if (npm.exitCode === null && npm.signalCode === null) npm.kill('SIGTERM');
    const last = setTimeout(() => process.kill(-(npm.pid as number), 'SIGKILL'), STOPS_WITHIN_MS);
    await gone;
    clearTimeout(last);
  };
  try {
    const url = await until(
      'npm start prints its endpoint',
      () => {
        if (npm.exitCode !== null) throw new Error(`npm start ended\n${output.slice(-2_000)}`);
        return PRINTED.exec(output)?.[1];
      },
      { withinMs: STARTS_WITHIN_MS, everyMs: 5, signal },
    );
    await firstAnswer(url);
    return { seconds: (performance.now() - begun) / 1_000, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function firstAnswer(url: string): Promise<void> {
  const client = new Client(url, 1);
  const { books } = await client.data<{ books: { edges: unknown[] } }>(FIRST_QUERY).finally(() => client.close());
  if (books.edges.length !== 3) throw new Error(`three books were asked for: ${JSON.stringify(books)}`);
}
