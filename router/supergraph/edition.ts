import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';

/** Where a supergraph was found: given by the program, in the file, in the bucket, or where the last good one of the bucket is kept. */
export interface Origin {
  readonly source: 'given' | 'file' | 'kv' | 'kept';
  /** In the bucket. */
  readonly revision?: number;
}

/** A supergraph, found somewhere. */
export interface Found extends Origin {
  readonly supergraphSdl: string;
}

/** A supergraph that the router works with. */
export interface Edition extends Origin {
  /** Of its text: {@link versionOf}. */
  readonly version: string;
  /** ISO 8601. */
  readonly loadedAt: string;
}

/** One that was not taken. */
export interface RefusedEdition extends Origin {
  readonly version: string;
  /** ISO 8601. */
  readonly refusedAt: string;
  readonly problems: readonly string[];
}

/** What the router works with; `refused` is there while the last one that it was offered was refused. */
export interface Editions extends Edition {
  readonly refused?: RefusedEdition;
}

/** A short name of a text: the first twelve digits of its SHA-256. */
export const versionOf = (supergraphSdl: string): string => createHash('sha256').update(supergraphSdl).digest('hex').slice(0, 12);

/** A supergraph that the router does not take. */
export class SupergraphRefused extends Error {
  override name = 'SupergraphRefused';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], cause?: unknown) {
    super(problems.join('\n'), { cause });
    this.problems = problems;
  }
}

/** More of them would tell nothing new. */
const MOST_PROBLEMS = 10;

const now = (): string => new Date().toISOString();
const whence = ({ source, revision }: Origin): Origin => (revision === undefined ? { source } : { source, revision });

/** Remembers which supergraph is in use, and tells of it in log and metrics. */
export function editions(first: Found, metrics: Metrics, log: Logger) {
  const show = (edition: Edition): Edition => {
    metrics.supergraph.reset();
    metrics.supergraph.set({ version: edition.version, source: edition.source }, 1);
    return edition;
  };
  let current: Editions = show({ version: versionOf(first.supergraphSdl), ...whence(first), loadedAt: now() });

  return {
    current: (): Editions => current,
    taken(found: Found, warnings: readonly string[]): void {
      current = show({ version: versionOf(found.supergraphSdl), ...whence(found), loadedAt: now() });
      metrics.supergraphs.inc({ outcome: 'taken' });
      for (const warning of warnings) log.warn({ version: current.version }, warning);
      log.info({ ...current }, 'the router has another supergraph');
    },
    /** The one in use was offered again, maybe from elsewhere. */
    same(found: Found): void {
      const { version, loadedAt } = current;
      current = show({ version, ...whence(found), loadedAt });
    },
    refused(found: Found, { problems }: SupergraphRefused): void {
      const refused = {
        version: versionOf(found.supergraphSdl),
        ...whence(found),
        refusedAt: now(),
        problems: problems.slice(0, MOST_PROBLEMS),
      };
      current = { ...current, refused };
      metrics.supergraphs.inc({ outcome: 'refused' });
      log.error({ ...refused, inUse: current.version }, 'a supergraph was refused; the one in use stays');
    },
  };
}
