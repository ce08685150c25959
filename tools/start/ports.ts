import { createServer } from 'node:net';

// Below the range from which systems give ports to outgoing connections: a port stays ours while its process is restarted.
const FIRST = 20_000;
const PER_PROCESS = 50;
let next = 0;

/** Ports of 127.0.0.1 that nobody listens on, different for supervisors that start at the same time. */
export async function pickPorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries++) {
    if (tries > 2_000) throw new Error(`no ${count} free ports from ${FIRST} on`);
    const port = FIRST + (((process.pid % 220) * PER_PROCESS + next++) % 11_000);
    if (await isFree(port, '127.0.0.1')) ports.push(port);
  }
  return ports;
}

/** Throws, saying what to do, when another program listens where the router should. Both addresses of `localhost` are looked at. */
export async function assertRouterPortIsFree(port: number): Promise<void> {
  for (const host of ['127.0.0.1', '::1']) {
    if (await isFree(port, host)) continue;
    throw new Error(`port ${port} is taken by another program. Stop it, or start on another port: PORT=${port + 1} npm start`);
  }
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Anything but a taken port (no IPv6 here, say) is not a reason against it.
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
