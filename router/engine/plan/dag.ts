import type { FetchDataRewrite, FetchNode, PlanNode } from '@apollo/query-planner';
import { compileRepresentation, type Represent } from '../representations.ts';
import { withoutStandIns } from '../required-fields.ts';
import type { Supergraph } from '../supergraph.ts';
import { type Steps, stepsOf } from './locate.ts';
import { splitConflicts } from './split.ts';

/** A fetch happens only if that variable has that value: what `@include` and `@skip` came to. */
export interface Guard {
  readonly variable: string;
  readonly is: boolean;
}

/** Where a request's entities come from. */
export interface Source {
  readonly path: readonly string[];
  readonly steps: Steps;
  readonly requires: FetchNode['requires'];
  readonly inputRewrites: readonly FetchDataRewrite[];
  /** Of the objects that do not tell theirs. */
  readonly type?: string | undefined;
  /** Null where the request asks for no entities. */
  readonly represent: Represent | null;
}

/** A request to a subgraph. */
export interface RequestNode {
  readonly subgraph: string;
  query: string;
  readonly operationName: string | undefined;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Asks for entities, by their representations. */
  readonly entities: boolean;
  readonly guards: readonly Guard[];
  /** Of the client's variables those that the query uses. */
  variables: readonly string[];
  readonly outputRewrites: readonly FetchDataRewrite[] | undefined;
  sources: readonly Source[];
  /** What must have been answered before. */
  after: ReadonlySet<RequestNode>;
  /** How many requests are before it, one after the other. */
  readonly depth: number;
}

/** What the plans' fetches are understood with. */
export type Knowledge = Pick<Supergraph, 'matches' | 'stands' | 'ridingAlong'> & Partial<Pick<Supergraph, 'cache' | 'whole'>>;

/** The tree of a plan as the requests that it consists of, each knowing what it waits for. @throws Error for what is not supported (`@defer`, `@fromContext`) */
export function requestNodes(root: PlanNode | undefined, knowledge: Knowledge): RequestNode[] {
  const nodes: RequestNode[] = [];
  type After = ReadonlySet<RequestNode>;
  const all = (sets: readonly After[]): After => new Set(sets.flatMap((set) => [...set]));

  function visit(node: PlanNode | undefined, path: readonly (string | number)[], guards: readonly Guard[], after: After): After {
    if (node === undefined) return new Set();
    switch (node.kind) {
      case 'Sequence': {
        let last = after;
        for (const each of node.nodes) {
          const done = visit(each, path, guards, last);
          if (done.size > 0) last = done;
        }
        return last === after ? new Set() : last;
      }
      case 'Parallel':
        return all(node.nodes.map((each) => visit(each, path, guards, after)));
      case 'Flatten':
        return visit(node.node, [...path, ...node.path], guards, after);
      case 'Condition': {
        const guarded = (clause: PlanNode | undefined, is: boolean) =>
          visit(clause, path, [...guards, { variable: node.condition, is }], after);
        return all([guarded(node.ifClause, true), guarded(node.elseClause, false)]);
      }
      case 'Fetch': {
        const made = splitConflicts(node, knowledge.stands).map((fetch) => requestNode(fetch, path, guards, after, knowledge));
        nodes.push(...made);
        return new Set(made);
      }
      case 'Defer':
        throw new Error('@defer is not supported');
    }
  }
  visit(root, [], [], new Set());
  return nodes;
}

/** Compiles what is required; what stands in for a field has the field's name for the subgraph. */
export const representing = (
  { requires = [], inputRewrites, type }: Pick<Source, 'requires' | 'inputRewrites' | 'type'>,
  { matches, stands }: Pick<Knowledge, 'matches' | 'stands'>,
): Represent =>
  compileRepresentation(requires, inputRewrites, matches, {
    original: (key) => stands.standIns.get(key)?.field ?? key,
    keys: stands.keys,
    type,
  });

function requestNode(
  node: FetchNode,
  path: readonly (string | number)[],
  guards: readonly Guard[],
  after: ReadonlySet<RequestNode>,
  { matches, stands }: Knowledge,
): RequestNode {
  if (node.contextRewrites && node.contextRewrites.length > 0) throw new Error('@fromContext is not supported');
  const { requires, inputRewrites = [] } = node;
  const entities = requires !== undefined && requires.length > 0;
  return {
    subgraph: node.serviceName,
    query: withoutStandIns(node.operation, stands.standIns),
    operationName: node.operationName,
    kind: node.operationKind,
    entities,
    guards,
    variables: node.variableUsages ?? [],
    outputRewrites: node.outputRewrites && node.outputRewrites.length > 0 ? node.outputRewrites : undefined,
    sources: [
      {
        path: path.map(String),
        steps: stepsOf(path),
        requires,
        inputRewrites,
        represent: entities ? representing({ requires, inputRewrites }, { matches, stands }) : null,
      },
    ],
    after,
    depth: after.size === 0 ? 0 : 1 + Math.max(...[...after].map(({ depth }) => depth)),
  };
}
