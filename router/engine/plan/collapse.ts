import type { RequestNode } from './dag.ts';

/** The planner numbers its operations. */
const unnamed = (query: string): string => query.replace(/^(query|mutation|subscription)\s+\w+/, '$1');

/** Equal for requests that differ only in where their entities are. */
function keyOf(node: RequestNode): string | null {
  if (!node.entities) return null;
  return JSON.stringify([node.depth, node.subgraph, unnamed(node.query), node.guards, node.outputRewrites]);
}

/** Requests of one depth that ask one subgraph the same about different entities become one. */
export function collapse(nodes: readonly RequestNode[]): RequestNode[] {
  const kept = new Map<string, RequestNode>();
  const instead = new Map<RequestNode, RequestNode>();
  for (const node of nodes) {
    const key = keyOf(node);
    const first = key === null ? undefined : kept.get(key);
    if (first === undefined) {
      if (key !== null) kept.set(key, node);
      continue;
    }
    instead.set(node, first);
    first.sources = [...first.sources, ...node.sources];
    first.after = new Set([...first.after, ...node.after]);
  }
  if (instead.size === 0) return [...nodes];
  const left = nodes.filter((node) => !instead.has(node));
  for (const node of left) node.after = new Set([...node.after].map((before) => instead.get(before) ?? before));
  return left;
}
