import type { Row, View } from '../read-models/view.ts';
import { type Happening, hear } from './happenings.ts';

/** A row when so many events of each stream have arrived, whatever the order was. */
interface Place<R> {
  /** Once for each event that may have come last. */
  readonly rows: readonly (R | null)[];
  /** The statuses that the account may have been told last; null: nothing yet. */
  readonly told: ReadonlySet<string | null>;
}

/**
 * All orders in which the happenings can arrive when each stream keeps its own: every place between the streams with the rows that the ways
 * to it lead to. They go on from the first one of those; so as long as the rows of each place are the same, no order leads elsewhere.
 */
export function* everyOrder<R extends Row, Shown extends { readonly status: string }>(
  view: View<R, Shown>,
  happenings: readonly Happening[],
): Generator<Place<R>> {
  const streams = Object.values(Object.groupBy(happenings, ({ definition }) => definition.context)).map((stream) => stream ?? []);
  const places = new Map<string, Place<R>>();
  for (const arrived of positions(streams.map(({ length }) => length))) {
    const ways = streams.flatMap((stream, at) => {
      const last = stream[(arrived[at] ?? 0) - 1];
      const before = places.get(String(arrived.with(at, (arrived[at] ?? 0) - 1)));
      if (!last || !before) return [];
      const [row = null] = before.rows;
      const next = hear(view, row, last);
      const told = next?.told.at(-1)?.data.status;
      return [{ row: next?.row ?? row, told: told === undefined ? before.told : new Set([told]) }];
    });
    const place =
      ways.length === 0
        ? { rows: [null], told: new Set([null]) }
        : { rows: ways.map(({ row }) => row), told: new Set(ways.flatMap(({ told }) => [...told])) };
    places.set(String(arrived), place);
    yield place;
  }
}

/** How much of each stream has arrived: all of it, those with less of any stream first. */
function* positions(lengths: readonly number[]): Generator<number[]> {
  const [length, ...others] = lengths;
  if (length === undefined) return yield [];
  for (let first = 0; first <= length; first++) for (const rest of positions(others)) yield [first, ...rest];
}

/** So many orders that nothing keeps, in which everything comes twice; the same ones at every run. */
export function* shuffles(happenings: readonly Happening[], times: number): Generator<Happening[]> {
  let state = 42;
  const below = (end: number): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * end);
  };
  for (let count = 0; count < times; count++) {
    const result = [...happenings, ...happenings];
    for (let at = result.length - 1; at > 0; at--) {
      const other = below(at + 1);
      [result[at], result[other]] = [result[other] as Happening, result[at] as Happening];
    }
    yield result;
  }
}
