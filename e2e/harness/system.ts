import { cpSync } from 'node:fs';
import path from 'node:path';
import { COMPILE_CACHE } from '../../tools/servers/compile-cache.ts';
import { temporaryFolder } from '../../tools/servers/temporary.ts';
import { type Madang, startMadang } from '../../tools/start/madang.ts';
import { REPOSITORY } from '../../tools/start/settings.ts';
import { type Broker, openBroker } from './broker.ts';
import { Databases } from './databases.ts';
import { Metrics } from './metrics.ts';
import { closeSockets } from './subscription.ts';

/** A whole platform for one test file, on free ports, with data of its own. */
export interface System {
  readonly madang: Madang;
  /** The router's endpoint. */
  readonly url: string;
  /** To look into the databases, and to work the payment processor's switch. */
  readonly databases: Databases;
  readonly metrics: Metrics;
  /** To look at how far the consumers are. */
  broker(): Promise<Broker>;
  /** Where the processes write. `E2E_KEEP=1` keeps their logs. */
  readonly dataDir: string;
  stop(): Promise<void>;
}

export interface SystemOptions {
  /** The contexts that get a process of their own, so that they can be stopped (true: all); the others share one, which is lighter. */
  readonly processes?: boolean | string[];
  /** True: PostgreSQL and nats-server wait for the disk. */
  readonly fsync?: boolean;
  readonly env?: Record<string, string>;
}

/** For scenarios that are not about time-outs: what takes long only because the machine is busy shall not open a breaker. */
export const PATIENT_EDGES: Record<string, string> = {
  ...Object.fromEntries(
    [
      'APPLICATIONS_TO_PAYMENTS',
      'PAYMENTS_TO_DELIVERIES',
      'PAYMENT_METHODS_TO_PAYMENTS',
      'RESERVATIONS_TO_PAYMENTS',
      'TICKETS_TO_PAYMENTS',
      'KICKBOARDS_TO_TICKETS',
      'PT_MANAGERS_TO_PT_TRAINERS',
      'WALLETS_TO_GIFTS',
      'GIFTS_TO_NOTIFICATIONS',
    ].flatMap((edge) => [
      [`${edge}_TRY_TIMEOUT_MS`, '5000'],
      [`${edge}_TIMEOUT_MS`, '10000'],
    ]),
  ),
  RESERVATIONS_PAYMENT_LEASE_MS: '15000',
  TICKETS_PAYMENT_LEASE_MS: '15000',
  KICKBOARDS_REDEEM_LEASE_MS: '15000',
  WALLETS_EXCHANGE_LEASE_MS: '15000',
  GIFTS_MESSAGE_LEASE_MS: '15000',
};

/** Starts the platform as `npm start` does. For `beforeAll`; `stop` is for `afterAll`. */
export async function startSystem({ processes = false, fsync = false, env = {} }: SystemOptions = {}): Promise<System> {
  const folder = temporaryFolder();
  const madang = await startMadang({
    dataDir: path.join(folder.path, 'data'),
    port: 0,
    processes,
    fsync,
    quiet: true,
    env: {
      NODE_ENV: 'production',
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      DATABASE_URL: undefined,
      NATS_URL: undefined,
      // What was out is asked again soon once it is back: the breaker's pause is no part of the scenarios.
      ROUTER_BREAKER_OPEN_MS: '1000',
      ...env,
    },
  });
  const { DATABASE_URL = '', NATS_URL = '' } = madang.env;
  const databases = new Databases(DATABASE_URL);
  let broker: Promise<Broker> | undefined;
  return {
    madang,
    url: madang.url.replace('localhost', '127.0.0.1'),
    databases,
    metrics: new Metrics(madang.env),
    broker: () => (broker ??= openBroker(NATS_URL)),
    dataDir: madang.dataDir,
    async stop() {
      await closeSockets();
      await (await broker)?.close();
      await databases.close();
      await madang.stop();
      if (process.env.E2E_KEEP === '1') keepLogs(madang.dataDir);
      folder.remove();
    },
  };
}

function keepLogs(dataDir: string): void {
  const kept = path.join(REPOSITORY, '.madang/e2e', path.basename(path.dirname(dataDir)));
  cpSync(path.join(dataDir, 'logs'), kept, { recursive: true });
  console.log(`the logs are in ${kept}`);
}
