import type { Broker } from '@madang/kernel/nats';
import { type Standing, standings } from '../../router/supergraph/announce.ts';
import type { Bucket, Published } from '../../router/supergraph/bucket.ts';
import { versionOf } from '../../router/supergraph/edition.ts';
import type { KnownOperation } from '../../router/supergraph/known-operations.ts';
import { differences, type Proposal, proposal } from './proposal.ts';

export interface PublishOptions {
  readonly broker: Broker;
  readonly bucket: Bucket;
  readonly operations: readonly KnownOperation[];
  /** Says all but publishes nothing. */
  readonly dryRun: boolean;
  /** Also when known operations are not valid in it. */
  readonly force: boolean;
  /** Time for which routers are waited for, ms; 0: they are not. */
  readonly waitMs: number;
  readonly say: (line: string) => void;
}

/** Time in which routers answer what they work with, ms. */
const ANSWER_MS = 500;

const dated = ({ revision, at, supergraphSdl }: Published): string =>
  `revision ${String(revision).padStart(4)}  ${versionOf(supergraphSdl)}  ${at.toISOString()}`;

const told = ({ router, follows, version, source, refused }: Standing): string =>
  `router ${router}  ${version} (${source})${follows === 'kv' ? '' : ', goes by its file, not by the bucket'}${
    refused ? `\n  has refused ${refused.version}: ${refused.problems.join('\n  ')}` : ''
  }`;

/** What was published, and what the routers that answer work with. */
export async function status({ broker, bucket, say }: Pick<PublishOptions, 'broker' | 'bucket' | 'say'>): Promise<void> {
  const history = await bucket.history();
  for (const published of history) say(`${dated(published)}${published === history.at(-1) ? '  is to be used' : ''}`);
  if (history.length === 0) say('Nothing is published.');
  const routers = await standings(broker, ANSWER_MS);
  for (const router of routers) say(told(router));
  if (routers.length === 0) say('No router answers.');
}

/** One of those that the bucket remembers. @param which its revision, or (the beginning of) its version @throws Error when there is none */
export async function earlier(bucket: Bucket, which: string): Promise<Published> {
  const history = await bucket.history();
  const found = history.findLast(({ revision, supergraphSdl }) => String(revision) === which || versionOf(supergraphSdl).startsWith(which));
  if (found) return found;
  throw new Error(`${bucket.name} has no revision or version ${which}; it has\n${history.map(dated).join('\n')}`);
}

async function comparedWith(current: Published | undefined, next: Proposal, say: (line: string) => void): Promise<void> {
  if (!current) return say('It is the first one in the bucket.');
  try {
    const changes = differences(await proposal(current.supergraphSdl, []), next);
    say(`Compared with ${dated(current)}: ${changes.length === 0 ? 'nothing that breaks' : ''}`.trimEnd());
    for (const change of changes) say(`  ${change}`);
  } catch {
    say(`${dated(current)} is in the bucket and is not good: there is nothing to compare with.`);
  }
}

/** Waits for the routers that go by the bucket. @throws Error when one refuses it, or has not taken it in time */
async function taken(version: string, { broker, waitMs, say }: PublishOptions): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const routers = (await standings(broker, ANSWER_MS)).filter(({ follows }) => follows === 'kv');
    const refusing = routers.filter(({ refused }) => refused?.version === version);
    if (refusing.length > 0) throw new Error(refusing.map(told).join('\n'));
    const late = routers.filter((router) => router.version !== version);
    if (late.length === 0) {
      say(routers.length === 0 ? 'No router that goes by the bucket answers.' : `${routers.length} router(s) work with it.`);
      return;
    }
    if (Date.now() > deadline) throw new Error(`not yet taken:\n${late.map(told).join('\n')}`);
  }
}

/**
 * Judges a supergraph, compares it with the one in the bucket, and puts it there if nobody else has put another one meanwhile.
 * @throws SupergraphRefused when it is no good; Error when known operations are not valid in it, or routers do not take it
 */
export async function publish(supergraphSdl: string, options: PublishOptions): Promise<void> {
  const { bucket, operations, dryRun, force, waitMs, say } = options;
  const current = await bucket.current();
  const next = await proposal(supergraphSdl, operations);
  say(`Version ${next.version}`);
  if (next.warnings.length > 0 && !force) throw new Error(`${next.warnings.join('\n')}\nWith --force it is published all the same.`);
  for (const warning of next.warnings) say(`  ${warning}`);
  const known = current !== undefined && versionOf(current.supergraphSdl) === next.version;
  if (!known) await comparedWith(current, next, say);
  if (dryRun) return say('Nothing was published (--dry-run).');
  if (known) say(`It is published already, as revision ${current.revision}.`);
  else
    say(
      `Published as revision ${await bucket.publish(supergraphSdl, current?.revision ?? 0)}: routers with ROUTER_SUPERGRAPH=kv take it now.`,
    );
  if (waitMs > 0) await taken(next.version, options);
}
