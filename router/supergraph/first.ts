import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { readSupergraph, supergraphFile } from '../config.ts';
import type { SupergraphSettings } from '../settings/supergraph.ts';
import type { Found } from './edition.ts';
import type { Source } from './source.ts';

/** The file of a setting; empty: the one of the program. */
export const fileOf = ({ supergraphFile: file }: SupergraphSettings): string => (file === '' ? fileURLToPath(supergraphFile) : file);

const late = (ms: number) => new Promise<never>((_, fail) => setTimeout(() => fail(new Error(`no answer in ${ms} ms`)), ms).unref());

/** Keeps what the bucket had, so that a start does not depend on it. */
export function keep(file: string, supergraphSdl: string, log: Logger): void {
  if (file === '') return;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const fresh = `${file}.${process.pid}`;
    writeFileSync(fresh, supergraphSdl);
    renameSync(fresh, file);
  } catch (error) {
    log.warn({ err: error, file }, 'the supergraph could not be kept for a start without nats-server');
  }
}

function kept(file: string): Found | undefined {
  if (file === '') return undefined;
  try {
    return { supergraphSdl: readFileSync(file, 'utf8'), source: 'kept' };
  } catch {
    return undefined;
  }
}

/** What the router may start with, the best first: of the bucket what it has, else what was kept of it, else the file. @throws Error when there is nothing */
export async function* candidates(settings: SupergraphSettings, source: Source, log: Logger): AsyncGenerator<Found, void, undefined> {
  if (settings.supergraph === 'kv') {
    try {
      const found = await Promise.race([source.read(), late(settings.supergraphWaitMs)]);
      if (found) yield found;
      else log.warn('no supergraph is published yet; the router starts with what it has');
    } catch (error) {
      log.warn({ err: error }, 'the bucket of supergraphs cannot be reached; the router starts with what it has');
    }
    const last = kept(settings.supergraphKept);
    if (last) yield last;
  }
  const file = fileOf(settings);
  yield { supergraphSdl: readSupergraph(settings.supergraphFile === '' ? undefined : file), source: 'file' };
}

/** Starts with the best of them that can be started with. @throws why the last of them cannot */
export async function firstGood<Router>(
  all: AsyncIterable<Found>,
  log: Logger,
  start: (found: Found) => Promise<Router>,
): Promise<{ router: Router; found: Found }> {
  let why: unknown;
  for await (const found of all) {
    if (why !== undefined) log.error({ err: why }, 'the router does not start with that supergraph; it tries the next best');
    try {
      return { router: await start(found), found };
    } catch (error) {
      why = error;
    }
  }
  throw why;
}
