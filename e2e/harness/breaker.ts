import type { System } from './system.ts';

/** What the caller of an edge says of it, all at one moment. */
export interface EdgeState {
  readonly breaker: 'closed' | 'half-open' | 'open';
  /** Calls that were answered. */
  readonly answered: number;
  /** Calls that were let through, answered or not. */
  readonly letThrough: number;
}

const LEVELS = ['closed', 'half-open', 'open'] as const;

/** The edge `applications→payments`, as `/metrics` of applications has it. */
export async function edgeState({ metrics }: System, caller: string, callee: string): Promise<EdgeState> {
  const scrape = await metrics.scrape(caller);
  const labels = { edge: `${caller}→${callee}` };
  const calls = (outcome?: string) => scrape.sum('madang_edge_calls_total', { ...labels, ...(outcome ? { outcome } : {}) });
  return {
    breaker: LEVELS[scrape.sum('madang_edge_breaker_state', labels)] ?? 'closed',
    answered: calls('ok') + calls('refused'),
    letThrough: calls() - calls('broken') - calls('bulkhead'),
  };
}
