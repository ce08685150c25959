import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { testDatabase } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';

const MAIN = fileURLToPath(new URL('../../tickets/main.ts', import.meta.url));

/** Payments that approve whatever they are asked for. */
async function approvingPayments() {
  const server = createServer(async (request, response) => {
    const { query } = (await json(request)) as { query: string };
    const name = query.includes('cancelPayment') ? 'cancelPayment' : 'approvePayment';
    const payment = { id: uuidv7(), status: name === 'cancelPayment' ? 'CANCELLED' : 'APPROVED', declineReason: null };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: { [name]: payment } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    close: () => server.closeAllConnections() ?? server.close(),
  };
}

/** A port that nobody has at the moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The real tickets context as a process of its own, which can be killed and started again at the same address. */
export async function ticketsProcess(settings: Readonly<Record<string, string>>) {
  const database = await testDatabase('tickets');
  const payments = await approvingPayments();
  const port = await freePort();
  const env = {
    ...process.env,
    ...settings,
    TICKETS_DATABASE: database.name,
    TICKETS_PORT: String(port),
    PAYMENTS_URL: payments.url,
    LOG_LEVEL: 'fatal',
  };
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    child = fork(MAIN, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await once(child, 'message');
  }

  async function kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (child === null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    child = null;
  }

  await start();
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    database,
    start,
    kill,
    /** Takes calls and answers none, until it is resumed. */
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async close() {
      await kill('SIGTERM');
      payments.close();
      await database.drop();
    },
  };
}
