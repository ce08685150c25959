import { type Declared, declarations } from '../events/declared.ts';
import { type Usage, usage } from '../events/usage.ts';
import type { Repository } from '../repository.ts';

/** An event, with who hears of it. */
export interface GraphEvent {
  readonly name: string;
  /** The contexts that react, sorted. */
  readonly listeners: readonly string[];
  /** Whether clients can subscribe to it. */
  readonly pushed: boolean;
}

/** A context, with what it publishes and whom it asks. */
export interface GraphContext {
  readonly name: string;
  readonly events: readonly GraphEvent[];
  /** The contexts that it calls synchronously. */
  readonly calls: readonly string[];
}

/** The contexts as they run: read from `defineContext`, `defineEvent`, the reactions and the subscriptions. */
export async function graphModel(repository: Repository): Promise<GraphContext[]> {
  const { events, failures } = await declarations(repository);
  if (failures.length > 0) throw new Error(failures.map(({ file, message }) => `${file}: ${message}`).join('\n'));
  return modelOf(repository, events, usage(repository));
}

/** The same, of what has been read already. */
export function modelOf(repository: Repository, events: readonly Declared[], used: Usage): GraphContext[] {
  return repository
    .folders('subgraphs')
    .filter((context) => repository.exists(`subgraphs/${context}/subgraph.ts`))
    .map((name) => ({
      name,
      calls: unique(used.calls.filter(({ from }) => from === name).map(({ to }) => to)),
      events: events
        .filter(({ context }) => context === name)
        .map(({ exported, event }) => ({ name: shownName(event), ...heard(used, name, exported) })),
    }));
}

const shownName = ({ eventName, version }: Declared['event']): string => (version > 1 ? `${eventName} v${version}` : eventName);

/** The edges between contexts: each pair once, with the names of the events that go that way. */
export function eventEdges(contexts: readonly GraphContext[]): { from: string; to: string; events: string[] }[] {
  return contexts.flatMap(({ name: from, events }) =>
    unique(events.flatMap(({ listeners }) => listeners)).map((to) => ({
      from,
      to,
      events: events.filter(({ listeners }) => listeners.includes(to)).map(({ name }) => name),
    })),
  );
}

function heard({ listens, pushes }: Usage, context: string, exported: string): Pick<GraphEvent, 'listeners' | 'pushed'> {
  const of = (uses: Usage['listens']) =>
    uses.filter(({ source, event }) => source === context && event === exported).map((use) => use.context);
  return { listeners: unique(of(listens)), pushed: of(pushes).length > 0 };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();
