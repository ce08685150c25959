import type { Finding } from '../finding.ts';

/**
 * What composition says of a field that the router could not get at, without the query of forty lines that shows it.
 * Undefined for any other message.
 */
export function unreachable(message: string): Pick<Finding, 'message' | 'mend'> | undefined {
  const [, because = ''] = message.split('cannot be satisfied by the subgraphs because:\n');
  const lines = because.split('\n').map((line) => line.replace(/^[\s-]+/, '').replace(/\.$/, ''));
  const from = [...new Set(lines.flatMap((line) => /^from subgraph "(.+)":$/.exec(line)?.[1] ?? []))];
  const fields = [...new Set(lines.flatMap((line) => /^cannot find field "(.+)"$/.exec(line)?.[1] ?? []))];
  const reasons = [...new Set(lines.filter((line) => line.startsWith('cannot move')))];
  if (from.length === 0 || fields.length === 0) return undefined;
  const [type] = fields[0]?.split('.') ?? [];
  return {
    message: `the router cannot get at ${fields.join(', ')} when it comes from ${from.join(' and ')}: ${reasons.join('; ') || 'no other context has it'}`,
    mend: mendOf(reasons.join('\n'), `${type}`, from.join(' and ')),
  };
}

function mendOf(reasons: string, type: string, from: string): string {
  if (reasons.includes('"resolvable" argument set to false'))
    return `take \`resolvable: false\` out where ${type} is owned, and answer for it with a reference resolver`;
  if (reasons.includes('has no @key'))
    return `${type} has no key, so every context that has it must have all of its fields: add it in ${from} too (@shareable), or leave it out everywhere; or make ${type} an entity`;
  return `give ${type} the same @key in both contexts`;
}
