/** A difference that is explained in README.md. */
interface Known {
  readonly world: string;
  readonly where: RegExp;
}

const known: readonly Known[] = [
  // The planner asks a subgraph for a field, without what the field requires, when it is in the way of another one's requirement.
  { world: 'network', where: /\.summary(_\d+)?: / },
  // Null for an object of which only the subgraph that is down could say the type; @apollo/gateway has an empty object, which may be true or not.
  { world: 'library', where: / is missing, catalogue down$/ },
  // Two subgraphs have it; which one the planner asks depends on what else is asked for, and the documents that the two gateways plan are not the same.
  { world: 'market', where: /^\.time(_\d+)? is missing, / },
];

export const isKnown = (world: string, what: string): boolean => known.some((each) => each.world === world && each.where.test(what));
