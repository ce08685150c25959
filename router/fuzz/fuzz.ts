import type { Result } from '../engine/engine.ts';
import { errorDifference, lie, missing, withoutPath } from './compare.ts';
import { difference } from './difference.ts';
import { isKnown } from './known.ts';
import { type Operation, randomOperation } from './operations.ts';
import { type Peer, type Peers, peersOver } from './peers.ts';
import { Random } from './random.ts';
import { renamed } from './renamed.ts';
import { shrink } from './shrink.ts';
import type { Troubles } from './universe.ts';
import { sdlOf } from './worlds.ts';

/** What goes wrong in the subgraphs; `guarded`: nothing does, and some fields are not for who asks. */
export type Mode = 'calm' | 'errors' | 'nulls' | 'down' | 'guarded';

export const modes: readonly Mode[] = ['calm', 'errors', 'nulls', 'down', 'guarded'];

const TROUBLES: Readonly<Record<Mode, Troubles>> = {
  calm: { errors: 0, nulls: 0 },
  errors: { errors: 12, nulls: 0 },
  nulls: { errors: 0, nulls: 30 },
  down: { errors: 0, nulls: 0 },
  guarded: { errors: 0, nulls: 0 },
};

export interface Finding {
  readonly world: string;
  readonly mode: Mode;
  readonly seed: string;
  readonly what: string;
  readonly operation: Operation;
  /** The subgraph that was down. */
  readonly down: string | undefined;
}

export interface Tally {
  readonly world: string;
  readonly mode: Mode;
  operations: number;
  /** Differences that are explained. */
  known: number;
  /** Of @apollo/gateway's answers those that are not the truth. */
  stock: number;
  readonly findings: Finding[];
}

const plain = (result: Result): Result => JSON.parse(JSON.stringify(result)) as Result;

/** What is wrong with the answer, or with that to the same under other names; undefined when nothing is. */
async function problem(peers: Peers, peer: Peer, mode: Mode, operation: Operation): Promise<string | undefined> {
  return (await wrong(peers, peer, mode, operation)) ?? (await unlike(peers, peer, operation));
}

/** What is different when things have other names. The subgraphs are to be asked the very same: it is the same plan. */
async function unlike({ asked }: Peers, peer: Peer, operation: Operation): Promise<string | undefined> {
  const { operation: other, as } = renamed(operation, new Random(operation.query));
  const from = asked.length;
  const first = as(plain(await peer(operation)));
  const between = asked.length;
  const again = plain(await peer(other));
  const queries = (some: Peers['asked']) => some.map(({ subgraph, query }) => `${subgraph} ${query}`).sort();
  const errors = ({ errors: all = [] }: Result) => all.map(({ path, extensions }) => JSON.stringify([path, extensions?.code])).sort();
  const found =
    difference(first.data, again.data, true) ??
    difference(errors(first), errors(again), true) ??
    difference(queries(asked.slice(from, between)), queries(asked.slice(between)), true);
  return found && `${found}, asked with other names: ${other.query}`;
}

async function wrong(peers: Peers, peer: Peer, mode: Mode, operation: Operation): Promise<string | undefined> {
  const truth = await peers.truth(operation);
  let ours: Result;
  try {
    ours = plain(await peer(operation));
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  if (mode === 'down') {
    const event = operation.query.startsWith('subscription');
    const stock = event ? { data: null } : plain(await peers.stock(operation));
    const silent = difference(ours.data, truth.data, true) && !ours.errors ? 'something is missing, and no error says so' : undefined;
    return lie(ours.data, truth.data) ?? honest(ours, stock, truth, [...peers.down].join()) ?? silent ?? withoutPath(ours.errors);
  }
  if (mode === 'nulls' && lie(ours.data, truth.data) === undefined && !operation.query.startsWith('subscription')) {
    // A null goes up within a subgraph's answer, and may take an entity's key with it: what other subgraphs have of the entity is out of reach.
    const stock = plain(await peers.stock(operation));
    if (missing(ours.data, stock.data) === undefined) return undefined;
  }
  const unexpected = mode === 'calm' && !truth.errors && ours.errors ? `an error: ${JSON.stringify(ours.errors[0])}` : undefined;
  return (
    difference(ours.data, truth.data, true) ??
    unexpected ??
    (mode === 'errors' || mode === 'guarded' ? errorDifference(ours, truth) : undefined)
  );
}

/** What stock has, and has right, we have too. */
function honest(ours: Result, stock: Result, truth: Result, down: string): string | undefined {
  const found = lie(stock.data, truth.data) === undefined ? missing(ours.data, stock.data) : undefined;
  return found && `${found}, ${down} down`;
}

async function isStockRight({ stock, truth }: Peers, operation: Operation): Promise<boolean> {
  if (operation.query.startsWith('subscription')) return true;
  const said = await stock(operation).catch((): Result => ({}));
  return difference(said.data, (await truth(operation)).data, false) === undefined;
}

/** Compares the answers to random operations. `riding`: of the engine with fetches that ride along. */
export async function fuzz(world: string, mode: Mode, seed: string, count: number, riding = false): Promise<Tally> {
  const peers = await peersOver(sdlOf(world), TROUBLES[mode], mode === 'guarded' ? `${seed}/${world}` : undefined);
  const peer = riding ? peers.riding : peers.ours;
  const tally: Tally = { world, mode, operations: 0, known: 0, stock: 0, findings: [] };
  const subgraphs = Object.keys(sdlOf(world));
  for (let at = 0; tally.operations < count; at++) {
    const own = `${seed}/${world}/${mode}/${at}`;
    const random = new Random(own);
    const operation = randomOperation(peers.schema, random);
    if (!operation) continue;
    tally.operations++;
    peers.down.clear();
    const down = mode === 'down' ? random.of(subgraphs) : undefined;
    if (down) peers.down.add(down);
    const what = await problem(peers, peer, mode, operation);
    if (mode !== 'down' && mode !== 'guarded' && !(await isStockRight(peers, operation))) tally.stock++;
    if (!what) continue;
    if (isKnown(world, what)) {
      tally.known++;
      continue;
    }
    const isStill = async (smaller: Operation) => (await problem(peers, peer, mode, smaller)) !== undefined;
    const smallest = await shrink(peers.schema, operation, isStill);
    const then = (await problem(peers, peer, mode, smallest)) ?? what;
    if (isKnown(world, then)) tally.known++;
    else tally.findings.push({ world, mode, seed: own, what: then, operation: smallest, down });
  }
  await peers.close();
  return tally;
}
