const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);

/**
 * The first place where two values are not the same.
 * @param order whether the order of an object's fields counts
 * @returns undefined when they are
 */
export function difference(one: unknown, other: unknown, order: boolean, path = ''): string | undefined {
  const here = () => `${path || '(all)'}: ${JSON.stringify(one)?.slice(0, 200)} and ${JSON.stringify(other)?.slice(0, 200)}`;
  if (kindOf(one) !== kindOf(other)) return here();
  if (typeof one !== 'object' || one === null) return Object.is(one, other) ? undefined : here();
  const [mine, theirs] = [Object.keys(one), Object.keys(other as object)];
  for (const key of mine.filter((each) => theirs.includes(each))) {
    const found = difference((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key], order, `${path}.${key}`);
    if (found) return found;
  }
  const [ours, their] = order ? [mine, theirs] : [mine.sort(), theirs.sort()];
  return ours.join() === their.join() ? undefined : `${path || '(all)'}: fields ${ours.join()} and ${their.join()}`;
}
