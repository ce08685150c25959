import type { z } from 'zod';
import { defaultsOf, type Settings, variableOf, whole } from './setting.ts';

/** How the router asks a subgraph. */
export const trafficShape = {
  tryTimeoutMs: whole(
    5_000,
    'ms',
    'Time that one try of a query has at a subgraph. What is not tried again (a mutation) has the whole deadline.',
    1,
  ),
  timeoutMs: whole(10_000, 'ms', 'Deadline of a request to a subgraph with all its tries, and the wait for a place.', 1),
  retries: whole(2, 'tries', 'Further tries of a query that got no answer, with pauses of 30 to 200 ms at random; a mutation has none.'),
  breakerFailures: whole(5, 'failures', 'Failures in a row (no answer, HTTP 5xx without data) that open the breaker of a subgraph.', 1),
  breakerOpenMs: whole(10_000, 'ms', 'Time for which the open breaker lets nothing through.', 1),
  breakerTrials: whole(3, 'requests', 'Good trials in a row that close it again; no more are let through meanwhile.', 1),
  bulkhead: whole(64, 'requests', 'Requests to one subgraph at a time; more than `connections` are of no use.', 1),
  queue: whole(4_096, 'requests', 'Requests that may wait for a place there; further ones are refused at once.'),
};

export type Traffic = Settings<typeof trafficShape>;

/** Where nothing is set. */
export const traffic: Traffic = defaultsOf(trafficShape);

/** What is set for all subgraphs, and what for some of them is put over it. */
export interface TrafficSettings {
  readonly all: Traffic;
  readonly of: Readonly<Record<string, Partial<Traffic> | undefined>>;
}

/** What holds for one subgraph. */
export const trafficOf = ({ all, of }: TrafficSettings, subgraph: string): Traffic => ({ ...all, ...of[subgraph] });

const names = Object.keys(trafficShape) as (keyof Traffic)[];

/** `timeoutMs` of `payment-methods` → `ROUTER_PAYMENT_METHODS_TIMEOUT_MS` */
const ownVariable = (subgraph: string, name: string): string =>
  variableOf(name).replace('ROUTER_', `ROUTER_${subgraph.replaceAll('-', '_').toUpperCase()}_`);

/** The variables by which one subgraph gets settings of its own. */
export const ownTrafficShape = (subgraph: string): Record<string, z.ZodType> =>
  Object.fromEntries(
    names.map((name) => {
      const type = trafficShape[name];
      const description = `\`${variableOf(name)}\` for one subgraph, as in \`${ownVariable('payment-methods', name)}\`.`;
      return [ownVariable(subgraph, name), type.unwrap().optional().meta({ unit: type.meta()?.unit, description })];
    }),
  );

/** What is set for one subgraph, out of the parsed variables. */
export const ownTraffic = (subgraph: string, variables: Readonly<Record<string, unknown>>): Partial<Traffic> =>
  Object.fromEntries(
    names.map((name) => [name, variables[ownVariable(subgraph, name)]]).filter(([, value]) => value !== undefined),
  ) as Partial<Traffic>;
