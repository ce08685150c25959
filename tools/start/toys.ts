import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A repository of toys to try the supervisor on: contexts that answer their environment, crash when told to, and hang when told to. */
export type Toys = { root: string; dataDir: string; remove(): void };

// GET /env answers the environment, GET /crash ends the process with 7. <CONTEXT>_FAILS: does not start. <CONTEXT>_HANGS: never closes.
// <CONTEXT>_WAITS: is never ready.
const program = (name: string, port: string) => `
import { createServer } from 'node:http';
const NAME = '${name.toUpperCase()}';
export async function start(env) {
  if (env[NAME + '_FAILS']) throw new Error(env[NAME + '_FAILS']);
  const server = createServer((request, response) => {
    if (request.url === '/crash') {
      console.log(JSON.stringify({ level: 50, msg: 'about to crash' }));
      process.exit(7);
    }
    if (request.url === '/readyz' && env[NAME + '_WAITS']) response.statusCode = 503;
    response.end(request.url === '/env' ? JSON.stringify({ ...env, pid: process.pid }) : 'ok');
  });
  await new Promise((resolve) => server.listen(Number(env.${port}), '127.0.0.1', resolve));
  const close = () => env[NAME + '_HANGS'] ? new Promise(() => {}) : new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
  return { name: '${name}', url: 'http://127.0.0.1:' + env.${port} + '/graphql', close };
}
if (import.meta.main) {
  const running = await start(process.env);
  process.once('SIGTERM', () => running.close());
}
`;

/** Writes the toys into a new temporary folder. */
export function makeToys(contexts = ['alpha', 'beta']): Toys {
  const root = mkdtempSync(path.join(tmpdir(), 'madang-toys-'));
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  write('package.json', '{ "type": "module" }');
  for (const context of contexts) write(`subgraphs/${context}/main.ts`, program(context, `${context.toUpperCase()}_PORT`));
  write('subgraphs/alpha/config.ts', 'export const variables = ["ALPHA_SECRET"];');
  write('router/main.ts', program('router', 'PORT'));
  return { root, dataDir: path.join(root, '.madang'), remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Servers that are "already there": toys never connect to them. */
export const NO_SERVERS = { DATABASE_URL: 'postgresql://127.0.0.1:1', NATS_URL: 'nats://127.0.0.1:1' };
