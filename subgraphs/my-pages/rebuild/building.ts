import type { Received } from '@madang/kernel/domain';
import { type Broker, decode, eventNameOf, extentOf, InvalidEvent, type Message, progressOf, Replay } from '@madang/kernel/nats';
import type { Row } from '../read-models/view.ts';
import type { Session, Shadow } from './shadow.ts';
import { SOURCES, TABLES, TARGETS, type Target } from './targets.ts';

/** Messages that are read at once. */
const BATCH = 1_000;
/** Most events of a stream that wait for the running context; past it the stream is not read on. Its replicas hold 1,024 at most. */
const MOST_WAITING = 5_000;
/** How long the running context is waited for. */
const SETTLED_WITHIN_MS = 5_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Entry {
  readonly target: Target;
  readonly event: Received;
}

/** A stream on its way into the shadow tables. */
class Source {
  readonly name: string;
  readonly replay: Replay;
  readonly targets: ReadonlyMap<string, readonly Target[]>;
  /** Read, but the running context has not handled them yet. */
  waiting: Entry[] = [];
  /** Everything up to this sequence is handled. */
  done = 0;
  events = 0;
  unreadable = 0;

  constructor(broker: Broker, name: string) {
    this.name = name;
    this.replay = new Replay(broker, name);
    const own = TARGETS.filter(({ when }) => when.context === name);
    this.targets = new Map(
      Map.groupBy(own, ({ when }) => when.eventName)
        .entries()
        .map(([event, targets]) => [event, targets]),
    );
  }
}

/**
 * Builds the shadow tables from the streams. It hears exactly what the running context has handled (by what it has acknowledged and, past
 * that, by its inbox), no more: an event that only the rebuild knew would change a row, and the account would never be told.
 */
export class Building {
  readonly sources: readonly Source[];
  readonly #broker: Broker;
  readonly #context: string;
  readonly #session: Session;
  readonly #shadow: Shadow;
  readonly #progress: (read: number) => void;
  /** Ids of the rows that may differ from what is shown, by table; null as long as nobody has compared. */
  #doubtful: Map<string, Set<string>> | null = null;

  constructor(broker: Broker, context: string, session: Session, shadow: Shadow, progress: (read: number) => void) {
    this.#broker = broker;
    this.#context = context;
    this.#session = session;
    this.#shadow = shadow;
    this.#progress = progress;
    this.sources = SOURCES.map((name) => new Source(broker, name));
  }

  /** Reads every stream to where it ends now. Answers how many messages there were. */
  async pass(signal: AbortSignal): Promise<number> {
    let read = 0;
    const ends = await Promise.all(this.sources.map(async ({ name }) => (await extentOf(this.#broker, name)).last));
    for (const [at, source] of this.sources.entries()) {
      const last = ends[at] ?? 0;
      await this.#take(source, []);
      while (source.replay.position < last && source.waiting.length < MOST_WAITING) {
        const messages = await source.replay.read(BATCH, signal);
        if (messages.length === 0) break;
        await this.#take(source, messages);
        read += messages.length;
        this.#progress(this.sources.reduce((sum, { events }) => sum + events, 0));
      }
    }
    return read;
  }

  /** Compares all rows with those that are shown. From now on a row of which something is heard is doubtful as well. */
  async compare(): Promise<Map<string, Set<string>>> {
    this.#doubtful = new Map(TABLES.map((table) => [table, new Set<string>()]));
    for (const [table, ids] of this.#doubtful) for (const id of await this.#shadow.differing(table)) ids.add(id);
    return this.#doubtful;
  }

  /**
   * Reads all that the running context can have written, which must not write meanwhile.
   * @throws Error when it has been given more than could be read
   */
  async complete(signal: AbortSignal): Promise<void> {
    const delivered = await this.#delivered();
    await this.pass(signal);
    const behind = this.sources.filter(({ replay }, at) => replay.position < (delivered[at] ?? 0));
    if (behind.length > 0)
      throw new Error(`my-pages is too far behind with ${behind.map(({ name }) => name).join(', ')}: rebuild when it has caught up`);
  }

  /** Waits until the running context is done with what it has been given by now; what is not done in time, it will be given again. */
  async settle(signal: AbortSignal): Promise<void> {
    const delivered = await this.#delivered();
    const deadline = Date.now() + SETTLED_WITHIN_MS;
    const open = () => this.sources.some(({ waiting }, at) => waiting.some(({ event }) => event.sequence <= (delivered[at] ?? 0)));
    for (await this.pass(signal); open() && Date.now() < deadline; await this.pass(signal))
      await new Promise((next) => setTimeout(next, 50));
  }

  #delivered(): Promise<number[]> {
    return Promise.all(this.sources.map(async ({ name }) => (await progressOf(this.#broker, this.#context, name)).delivered));
  }

  async close(): Promise<void> {
    await Promise.all(this.sources.map(({ replay }) => replay.close()));
  }

  async #take(source: Source, messages: readonly Message[]): Promise<void> {
    source.events += messages.length;
    const entries = [...source.waiting, ...messages.flatMap((message) => this.#entries(source, message))];
    const fresh = new Set(entries.slice(source.waiting.length).map(({ event }) => event.id));
    if (fresh.size > 0) await this.#shadow.heard([...fresh]);
    const last = entries.at(-1);
    if (!last) return;
    if (last.event.sequence > source.done) source.done = (await progressOf(this.#broker, this.#context, source.name)).done;
    const handled = await this.#handled(entries.filter(({ event }) => event.sequence > source.done));
    const isDue = ({ target, event }: Entry) => event.sequence <= source.done || handled.has(`${event.id} ${target.handler}`);
    source.waiting = entries.filter((entry) => !isDue(entry));
    await this.#apply(entries.filter(isDue));
  }

  #entries(source: Source, message: Message): Entry[] {
    const bare = this.#broker.names.bare(message.subject);
    const targets = source.targets.get(eventNameOf(bare)) ?? [];
    const [first] = targets;
    if (!first) return [];
    try {
      const event = decode(message, bare, first.when);
      if (!UUID.test(event.id)) throw new InvalidEvent('its id is no UUID');
      return targets.map((target) => ({ target, event }));
    } catch (error) {
      if (!(error instanceof InvalidEvent)) throw error;
      source.unreadable++;
      return [];
    }
  }

  async #handled(entries: readonly Entry[]): Promise<Set<string>> {
    if (entries.length === 0) return new Set();
    const { rows } = await this.#session.query<{ entry: string }>(
      `SELECT event_id || ' ' || handler AS entry FROM kernel.inbox WHERE event_id = ANY($1::uuid[])`,
      [entries.map(({ event }) => event.id)],
    );
    return new Set(rows.map(({ entry }) => entry));
  }

  async #apply(entries: readonly Entry[]): Promise<void> {
    for (const [table, own] of Map.groupBy(entries, ({ target }) => target.table)) {
      const changes = own.flatMap(({ target, event }) => {
        const id = target.rowId(event.data);
        return id === null ? [] : [{ id, target, data: event.data }];
      });
      const rows = await this.#shadow.load(table, [...new Set(changes.map(({ id }) => id))]);
      const heard = new Map<string, Row>();
      for (const { id, target, data } of changes) {
        const known = rows.get(id) ?? null;
        const next = target.apply(known, data) ?? known;
        if (next === null) continue;
        const row = { ...next, version: next === known ? Math.max(1, known.version) : next.version + 1 };
        rows.set(id, row);
        heard.set(id, row);
        this.#doubtful?.get(table)?.add(id);
      }
      await this.#shadow.save(table, [...heard.values()]);
    }
  }
}
