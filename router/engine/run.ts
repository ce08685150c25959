import type { GraphQLFormattedError } from 'graphql';
import type { RequestContext } from '../context.ts';
import type { Said } from './answers.ts';
import { type Batch, batchesOf } from './batch.ts';
import { type CachePolicy, restricted } from './cache/policy.ts';
import { copyOf, type Data, hasObjects, type Merge, rewrite } from './data.ts';
import { Fetches, headersFor, type Ways } from './fetches.ts';
import type { Plan, Request, Step } from './plan/compile.ts';
import { locateWithPaths, type Path } from './plan/locate.ts';
import type { Supergraph } from './supergraph.ts';

/** What a run needs of the engine. */
export interface Surroundings extends Ways {
  readonly supergraph: Supergraph;
  readonly merge: Merge;
}

/** What the subgraphs answered to the requests of a plan, in one object. */
export interface Collected {
  readonly data: Data;
  readonly errors: readonly GraphQLFormattedError[];
  /** For how long, and for whom, all of it is good; null when some of it is not for longer than now. */
  readonly policy: CachePolicy | null;
}

/** More of the same would tell nothing new. */
const MOST_PATHS = 25;

/**
 * Carries out a plan: sends each request as soon as those before it are answered, and merges the answers.
 * What only reads is given up when the client goes away, or when time is over; a mutation on its way is not: its outcome is unknown then.
 * @param variables their values, as the plan calls them, with their defaults
 * @param initial the object to start from: a subscription's event
 * @param mayBeOlder whether it may be answered from the cache: a query; what follows a mutation or an event must not be older than that
 */
export async function run(
  surroundings: Surroundings,
  plan: Plan,
  variables: Data,
  context: RequestContext,
  initial: Data = {},
  mayBeOlder = false,
): Promise<Collected> {
  if (plan.steps.length === 0) return { data: initial, errors: [], policy: null };
  const headers = await headersFor(context);
  return new Promise((resolve, reject) => {
    new Run(surroundings, plan, variables, headers, context, initial, mayBeOlder, resolve, reject).start();
  });
}

class Run {
  readonly #of: Surroundings;
  readonly #plan: Plan;
  readonly #variables: Data;
  readonly #context: RequestContext;
  readonly #fetches: Fetches;
  readonly #data: Data;
  readonly #mayBeOlder: boolean;
  readonly #resolve: (collected: Collected) => void;
  readonly #errors: GraphQLFormattedError[] = [];
  readonly #waitsFor: number[];
  #left: number;
  /** Whether one object is in several places of the data. */
  #shared = false;
  /** Of what has been answered so far; null when something of it may not be kept, undefined when there is nothing. */
  #policy: CachePolicy | null | undefined;

  constructor(
    of: Surroundings,
    plan: Plan,
    variables: Data,
    headers: string,
    context: RequestContext,
    data: Data,
    mayBeOlder: boolean,
    resolve: (collected: Collected) => void,
    reject: (error: unknown) => void,
  ) {
    this.#of = of;
    this.#plan = plan;
    this.#variables = variables;
    this.#context = context;
    this.#fetches = new Fetches(of, headers, context, (error) => {
      this.#fetches.end();
      reject(error);
    });
    this.#data = data;
    this.#mayBeOlder = mayBeOlder;
    this.#resolve = resolve;
    this.#waitsFor = [...plan.waitsFor];
    this.#left = plan.steps.length;
  }

  start(): void {
    for (const step of this.#plan.first) this.#send(step);
  }

  #send(step: Step): void {
    if (!step.guards.every(({ variable, is }) => (this.#variables[variable] === true) === is)) {
      this.#finish(step);
      return;
    }
    const batches = batchesOf(step, this.#data, this.#shared);
    let left = batches.length;
    if (left === 0) this.#finish(step);
    for (const batch of batches)
      this.#ask(batch, () => {
        if (--left === 0) this.#finish(step);
      });
  }

  #ask(batch: Batch, answered: () => void): void {
    const { request, representations } = batch;
    const { caching } = request;
    const values = this.#values(request);
    if (caching === null) {
      this.#policy = null;
      this.#fetches.send(request, representations, values, (said) => this.#take(batch, said, answered));
      return;
    }
    const { actor, client } = this.#context;
    const asked = client && client.passed.length > 0 ? `${values}\n${client.passed.join('\n')}` : values;
    const looked = this.#of.cache?.look(caching, representations, asked, actor, this.#mayBeOlder) ?? null;
    const policy = looked?.policy ?? caching;
    if (this.#policy !== null) this.#policy = this.#policy ? restricted(this.#policy, policy) : policy;
    if (looked?.isComplete) this.#take(batch, looked.complete(null), answered);
    else
      this.#fetches.send(request, looked ? looked.left : representations, values, (said) =>
        this.#take(batch, looked ? looked.complete(said) : said, answered),
      );
  }

  #take(batch: Batch, answer: Said, answered: () => void): void {
    this.#receive(batch, answer);
    answered();
  }

  /** The variables' JSON, but for the braces. */
  #values({ variables }: Request): string {
    let json = '';
    for (const name of variables) {
      const value = this.#variables[name];
      if (value !== undefined) json += `${json === '' ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(value)}`;
    }
    return json;
  }

  #receive(batch: Batch, { data, errors }: Said): void {
    const { request, targets } = batch;
    if (errors.length > 0) this.#complain(batch, errors);
    if (data === null) return;
    if (request.outputRewrites) rewrite(request.entities ? data._entities : data, request.outputRewrites, this.#of.supergraph.matches);
    if (request.entities) this.#mergeEntities(batch, data._entities);
    else for (const [at, target] of targets.entries()) this.#of.merge(target, at === 0 ? data : copyOf(data));
  }

  /** Within one source an entity may be one object in several places; another source selects other things of it, and gets a copy. */
  #mergeEntities({ targets, entityOf, ends }: Batch, entities: unknown): void {
    if (!Array.isArray(entities)) return;
    const { merge } = this.#of;
    const usedIn: (Data | undefined)[] = new Array(entities.length * ends.length);
    const used: (true | undefined)[] = new Array(entities.length);
    let source = 0;
    for (let at = 0; at < targets.length; at++) {
      while (at >= (ends[source] ?? 0)) source++;
      const index = entityOf[at] ?? -1;
      const entity: unknown = entities[index];
      if (typeof entity !== 'object' || entity === null) continue;
      const key = index * ends.length + source;
      let own = usedIn[key];
      if (own !== undefined) this.#shared ||= hasObjects(own);
      else {
        own = used[index] ? copyOf(entity as Data) : (entity as Data);
        used[index] = true;
        usedIn[key] = own;
      }
      merge(targets[at] as Data, own);
    }
  }

  #complain(batch: Batch, errors: readonly GraphQLFormattedError[]): void {
    const { request } = batch;
    const where = this.#paths(batch);
    for (const error of errors) {
      const extensions = { code: 'DOWNSTREAM_SERVICE_ERROR', ...error.extensions, serviceName: request.subgraph };
      for (const path of this.#pathsOf(error.path, request, where)) this.#errors.push({ ...error, path, extensions });
    }
  }

  /** Where the objects are that each entity went into. */
  #paths({ request: { sources }, targets, entityOf, ends }: Batch): ReadonlyMap<number, readonly Path[]> {
    const paths = new Map<number, Path[]>();
    sources.forEach(({ steps }, source) => {
      const from = ends[source - 1] ?? 0;
      const places = locateWithPaths(this.#data, steps);
      const pathsOf = new Map<Data, Path[]>();
      for (const { object, path } of places) pathsOf.set(object, [...(pathsOf.get(object) ?? []), path]);
      const seen = new Map<Data, number>();
      for (let at = from; at < (ends[source] ?? 0); at++) {
        const object = targets[at] as Data;
        const nth = seen.get(object) ?? 0;
        seen.set(object, nth + 1);
        const own = pathsOf.get(object) ?? [];
        const entity = entityOf[at] ?? 0;
        paths.set(entity, [...(paths.get(entity) ?? []), ...(nth === 0 ? own : [])]);
      }
    });
    return paths;
  }

  #pathsOf(path: Path | undefined, { entities }: Request, where: ReadonlyMap<number, readonly Path[]>): readonly Path[] {
    const { responseKey } = this.#of.supergraph;
    const own = (parts: Path): Path => parts.map((part) => (typeof part === 'string' ? responseKey(part) : part));
    if (!entities) return [[...own(where.get(0)?.[0] ?? []), ...own(path ?? [])]];
    const [, index, ...rest] = path?.[0] === '_entities' ? path : [];
    const places = typeof index === 'number' ? (where.get(index) ?? []) : [...where.values()].flat();
    return places.slice(0, MOST_PATHS).map((place) => [...own(place), ...own(rest)]);
  }

  #finish(step: Step): void {
    if (--this.#left === 0) {
      this.#fetches.end();
      this.#resolve({ data: this.#data, errors: this.#errors, policy: this.#policy ?? null });
      return;
    }
    for (const next of step.before) {
      const left = (this.#waitsFor[next] ?? 0) - 1;
      this.#waitsFor[next] = left;
      if (left === 0) this.#send(this.#plan.steps[next] as Step);
    }
  }
}
