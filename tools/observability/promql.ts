import { parser } from '@prometheus-io/lezer-promql';

type Tree = ReturnType<typeof parser.parse>;
type Node = Tree['topNode'];

/** A metric that an expression asks for, with the labels that it must have. */
export interface Selected {
  readonly metric: string;
  /** Labels that are matched or grouped by. */
  readonly labels: readonly string[];
  /** Values that are asked for by `=`. */
  readonly values: Readonly<Record<string, string>>;
}

function all(node: Node, name: string): Node[] {
  const found: Node[] = [];
  node.cursor().iterate((at) => {
    if (at.name === name) found.push(at.node);
  });
  return found;
}

/** The labels of the `by (…)`, `on (…)`, … that a selector stands in. */
function groupedBy(node: Node, text: (node: Node) => string): string[] {
  const labels: string[] = [];
  for (let parent = node.parent; parent; parent = parent.parent) {
    const groupings = [parent.getChild('AggregateModifier'), parent.getChild('MatchingModifierClause')];
    for (const grouping of groupings)
      if (grouping && !grouping.getChild('Without')) labels.push(...all(grouping, 'LabelName').map((label) => text(label)));
  }
  return labels;
}

/**
 * The metrics and labels of a PromQL expression, by Prometheus' own grammar. Grafana's `$__rate_interval` may stand for a duration.
 * @throws SyntaxError for what is no PromQL
 */
export function selectedBy(expression: string): Selected[] {
  const promql = expression.replaceAll('$__rate_interval', '5m');
  const tree = parser.parse(promql);
  const text = ({ from, to }: Node) => promql.slice(from, to);
  const [mistake] = all(tree.topNode, '⚠');
  if (mistake) throw new SyntaxError(`no PromQL at ${mistake.from}: ${expression}`);
  return all(tree.topNode, 'VectorSelector').map((selector) => {
    const [name] = all(selector, 'Identifier');
    const matchers = all(selector, 'UnquotedLabelMatcher');
    const nameOf = (matcher: Node) => text(all(matcher, 'LabelName')[0] ?? matcher);
    const exact = matchers.filter((matcher) => all(matcher, 'EqlSingle').length > 0);
    return {
      metric: name ? text(name) : '',
      labels: [...new Set([...matchers.map(nameOf), ...groupedBy(selector, text)])],
      values: Object.fromEntries(exact.map((matcher) => [nameOf(matcher), text(all(matcher, 'StringLiteral')[0] ?? matcher).slice(1, -1)])),
    };
  });
}
