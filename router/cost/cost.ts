/** Values of variables, coerced: defaults are in. */
export type Values = Readonly<Record<string, unknown>>;

/** A cost, or a size: known, or as the variables say. */
export type Cost = number | ((variables: Values) => number);

export const costOf = (cost: Cost, variables: Values): number => (typeof cost === 'number' ? cost : cost(variables));

export function sum(costs: readonly Cost[]): Cost {
  let known = 0;
  const open: ((variables: Values) => number)[] = [];
  for (const cost of costs) {
    if (typeof cost === 'number') known += cost;
    else open.push(cost);
  }
  if (open.length === 0) return known;
  return (variables) => {
    let all = known;
    for (const cost of open) all += cost(variables);
    return all;
  };
}

export function product(size: Cost, cost: Cost): Cost {
  if (typeof size === 'number' && typeof cost === 'number') return size * cost;
  if (size === 1) return cost;
  return (variables) => costOf(size, variables) * costOf(cost, variables);
}

export function greatest(costs: readonly Cost[]): Cost {
  const [first = 0, ...others] = costs;
  if (others.length === 0) return first;
  if (costs.every((cost) => typeof cost === 'number')) return Math.max(...costs);
  return (variables) => {
    let most = 0;
    for (const cost of costs) most = Math.max(most, costOf(cost, variables));
    return most;
  };
}
