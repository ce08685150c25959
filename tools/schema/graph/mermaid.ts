import { eventEdges, type GraphContext } from './model.ts';

/** More names than that make a label unreadable. */
const NAMED = 3;

/** The graph as Mermaid draws it: events as arrows, calls as dotted ones. */
export function mermaid(contexts: readonly GraphContext[]): string {
  const id = (name: string) => name.replaceAll('-', '_');
  return [
    'flowchart LR',
    ...contexts.map(({ name }) => `  ${id(name)}["${name}"]`),
    ...eventEdges(contexts).map(({ from, to, events }) => `  ${id(from)} -->|"${label(events)}"| ${id(to)}`),
    ...contexts.flatMap(({ name, calls }) => calls.map((callee) => `  ${id(name)} -. calls .-> ${id(callee)}`)),
  ].join('\n');
}

const label = (events: readonly string[]): string => (events.length > NAMED ? `${events.length} events` : events.join('<br/>'));
