import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { refusal } from '../documents/refusals.ts';
import type { Prepared } from '../engine/prepare.ts';
import type { Metrics } from '../metrics.ts';
import type { DocumentSettings } from '../settings/documents.ts';
import { costOf, type Values } from './cost.ts';

type BudgetSettings = Pick<DocumentSettings, 'costMode' | 'costLimit'>;

/** What clients are told of a cost: in `extensions.cost`. */
export interface Estimate {
  readonly estimated: number;
  /** Null where nothing is refused. */
  readonly limit: number | null;
}

export const limitOf = ({ costMode, costLimit }: BudgetSettings): number | null =>
  costMode === 'enforce' && costLimit > 0 ? costLimit : null;

export const estimate = (settings: BudgetSettings, estimated: number): Estimate => ({ estimated, limit: limitOf(settings) });

export const tooCostly = (cost: number, limit: number): GraphQLError =>
  refusal('COST_LIMIT_EXCEEDED', `The operation may cost ${cost}, ${limit} is allowed: ask for fewer or shorter lists.`, { cost, limit });

/** Lets operations in by what they may cost, before anything of them is carried out: counted, measured, and above the limit logged or refused. */
export function budget(settings: BudgetSettings, metrics: Pick<Metrics, 'costs' | 'costly' | 'unlisted'>, log: Logger) {
  const { costMode, costLimit } = settings;

  /** @param variables as the plan calls them */
  return (operation: Prepared, variables: Values): GraphQLError | undefined => {
    if (operation.unlisted) metrics.unlisted.inc();
    if (costMode === 'off') return undefined;
    const cost = costOf(operation.planned.cost, variables);
    metrics.costs.observe(cost);
    if (costLimit === 0 || cost <= costLimit) return undefined;
    metrics.costly.inc({ mode: costMode });
    if (costMode === 'enforce') return tooCostly(cost, costLimit);
    log.warn({ operation: operation.name, type: operation.type, cost, limit: costLimit }, 'an operation costs more than the limit');
    return undefined;
  };
}
