import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Daemon, releaseFromFormerOwner, startDaemon } from './daemon.ts';
import { findNats, type NatsBinary } from './nats-binary.ts';
import { freePort } from './ports.ts';

export type NatsOptions = {
  /** JetStream's store; the server's configuration and log are beside it in `<dataDir>.conf` and `<dataDir>.log`. */
  dataDir: string;
  /** TCP port on 127.0.0.1; 0 = any free one. */
  port: number;
  /** Acknowledge a publish only when it is on the disk. Default false; ignored by servers before 2.12. */
  syncAlways?: boolean;
  log?: (line: string) => void;
};

export type Nats = Daemon & { url: string };

const STOP: NodeJS.Signals[] = ['SIGINT', 'SIGKILL'];

/**
 * Starts nats-server with JetStream, for clients on 127.0.0.1 only and without monitoring. A server that a killed owner left behind on
 * the same folder is stopped first; one whose owner lives is an error.
 */
export async function startNats(options: NatsOptions): Promise<Nats> {
  const { syncAlways = false, log = () => {} } = options;
  const dataDir = path.resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const recordFile = `${dataDir}.owner`;
  const logFile = `${dataDir}.log`;
  const configFile = `${dataDir}.conf`;
  await releaseFromFormerOwner(recordFile, STOP, log);
  const server = findNats(log);
  const port = options.port || (await freePort());
  const inDocker = server.kind === 'docker';
  writeFileSync(
    configFile,
    configuration(inDocker ? '0.0.0.0' : '127.0.0.1', port, inDocker ? '/data' : dataDir, syncAlways && knowsSyncAlways(server)),
  );
  const { command, args } =
    server.kind === 'binary'
      ? { command: server.file, args: ['--config', configFile] }
      : {
          command: 'docker',
          args: [
            'run',
            '--rm',
            '--init',
            '-p',
            `127.0.0.1:${port}:${port}`,
            '-v',
            `${dataDir}:/data`,
            '-v',
            `${configFile}:/nats.conf:ro`,
            server.image,
            '--config',
            '/nats.conf',
          ],
        };
  const daemon = await startDaemon({
    name: 'nats-server',
    command,
    args,
    logFile,
    recordFile,
    stopSignals: STOP,
    ready: () => readFileSync(logFile, 'utf8').includes('Server is ready'),
  });
  return { ...daemon, url: `nats://127.0.0.1:${port}` };
}

function configuration(host: string, port: number, store: string, syncAlways: boolean): string {
  return [
    `listen: "${host}:${port}"`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(store)}`,
    ...(syncAlways ? ['  sync_interval: always'] : []),
    '}',
    '',
  ].join('\n');
}

function knowsSyncAlways(server: NatsBinary): boolean {
  if (server.kind === 'docker') return true;
  const [major = 0, minor = 0] = server.version.split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 12);
}
