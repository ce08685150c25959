import type { PlanNode } from '@apollo/query-planner';
import type { Caching } from '../cache/caching.ts';
import { collapse } from './collapse.ts';
import { type Knowledge, type RequestNode, requestNodes } from './dag.ts';
import { withoutKnownTypes } from './known-types.ts';
import { compileLacking, type Lacking } from './lacking.ts';
import { rideAlong } from './ride-along.ts';

/** A request, ready to be sent. */
export interface Request extends Readonly<RequestNode> {
  /** The body up to the variables' values: `{"query":"…","variables":{`. */
  readonly head: string;
  /** Null when nothing of its answer may be kept. */
  readonly caching: Caching | null;
  /** Of a mutation: the types that it answers with. */
  readonly answers: readonly string[];
}

/** A request's place among others. */
export interface Step extends Request {
  readonly index: number;
  readonly lacking: Lacking<Request> | null;
  /** What waits for it. */
  readonly before: readonly number[];
}

/** What an operation is carried out by: requests, each of which is sent as soon as those before it are answered. */
export interface Plan {
  readonly steps: readonly Step[];
  /** Those that wait for none. */
  readonly first: readonly Step[];
  /** How many each step waits for. */
  readonly waitsFor: readonly number[];
}

const NONE: readonly string[] = [];

const readier =
  ({ cache }: Knowledge) =>
  (node: RequestNode): Request => {
    const { subgraph, kind, query, operationName } = node;
    const name = operationName ? `"operationName":${JSON.stringify(operationName)},` : '';
    return {
      ...node,
      head: `{"query":${JSON.stringify(query)},${name}"variables":{`,
      caching: kind === 'query' ? (cache?.caching(subgraph, query) ?? null) : null,
      answers: kind === 'mutation' ? (cache?.answers(query) ?? NONE) : NONE,
    };
  };

/** @throws Error for what is not supported */
export function compilePlan(root: PlanNode | undefined, knowledge: Knowledge): Plan {
  const collapsed = collapse(requestNodes(root, knowledge));
  const nodes = knowledge.ridingAlong ? rideAlong(collapsed) : collapsed;
  withoutKnownTypes(nodes, knowledge);
  const ready = readier(knowledge);
  const index = new Map(nodes.map((node, at) => [node, at]));
  const before: number[][] = nodes.map(() => []);
  nodes.forEach((node, at) => {
    for (const each of node.after) before[index.get(each) ?? -1]?.push(at);
  });
  const steps = nodes.map(
    (node, at): Step => ({ ...ready(node), index: at, before: before[at] ?? [], lacking: compileLacking(node, knowledge, ready) }),
  );
  return { steps, first: steps.filter(({ after }) => after.size === 0), waitsFor: steps.map(({ after }) => after.size) };
}
