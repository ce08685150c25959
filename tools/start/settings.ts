import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { contextsOf, variablePrefix } from './contexts.ts';

/** What a start can be told. Everything has a default; `npm start` is `startMadang({})`. */
export type StartOptions = {
  /** The repository with `subgraphs/`, `router/` and `prisma/`; default: this one. */
  root?: string;
  /** Takes databases, streams, logs, secrets and the lock; default `<root>/.madang`. */
  dataDir?: string;
  /** The router's port; 0 = any free one; default 4000. */
  port?: number;
  /** True: one process per context. A list: a process each for these, one host process for the others. Default false: all in one. */
  processes?: boolean | string[];
  /** Value of `SEED` for every context; default `demo`; empty = no seed. */
  seed?: string;
  /** Put over the environment of every process; DATABASE_URL and NATS_URL given here mean servers that are already there. */
  env?: Record<string, string | undefined>;
  /** Wipes databases, streams and logs first. */
  fresh?: boolean;
  /** False, for tests: PostgreSQL does not wait for the disk, and a kill -9 of it loses the last commits. Default true. */
  fsync?: boolean;
  /** True: nothing is printed. */
  quiet?: boolean;
  /** Whether (or which of the processes by name) are started again when they end by themselves; default true. */
  autoRestart?: boolean | string[];
  /** Milliseconds until every process must be ready; default 60,000. */
  readyTimeout?: number;
};

/** {@link StartOptions} with every default filled in, and what the folders of the repository add to it. */
export type Settings = Required<Omit<StartOptions, 'processes' | 'autoRestart'>> & {
  contexts: string[];
  /** The contexts that get a process of their own. */
  apart: string[];
  /** The contexts that share the host process. */
  hosted: string[];
  restarts(name: string): boolean;
};

export const REPOSITORY = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** Fills in the defaults; throws on a process list that names an unknown context. */
export function settingsOf(options: StartOptions): Settings {
  const root = path.resolve(options.root ?? REPOSITORY);
  const contexts = contextsOf(root);
  const { processes = false, autoRestart = true } = options;
  const unknown = Array.isArray(processes) ? processes.filter((name) => !contexts.includes(name)) : [];
  if (unknown.length > 0) throw new Error(`no such context: ${unknown.join(', ')}; there are ${contexts.join(', ')}`);
  const apart = contexts.filter((name) => (Array.isArray(processes) ? processes.includes(name) : processes));
  return {
    root,
    dataDir: path.resolve(options.dataDir ?? path.join(root, '.madang')),
    port: options.port ?? 4000,
    seed: options.seed ?? 'demo',
    env: options.env ?? {},
    fresh: options.fresh ?? false,
    fsync: options.fsync ?? true,
    quiet: options.quiet ?? false,
    readyTimeout: options.readyTimeout ?? 60_000,
    contexts,
    apart,
    hosted: contexts.filter((name) => !apart.includes(name)),
    restarts: (name) => (Array.isArray(autoRestart) ? autoRestart.includes(name) : autoRestart),
  };
}

/** The variables that tell every process where every context listens: `<CONTEXT>_PORT` and `<CONTEXT>_URL`. */
export function addresses(ports: Map<string, number>): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [context, port] of ports) {
    variables[`${variablePrefix(context)}_PORT`] = String(port);
    variables[`${variablePrefix(context)}_URL`] = `http://127.0.0.1:${port}/graphql`;
  }
  return variables;
}
