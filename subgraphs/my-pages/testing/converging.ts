import { describe, expect, it } from 'vitest';
import type { Row, View } from '../read-models/view.ts';
import { ACCOUNT, type Happening, heard } from './happenings.ts';
import { everyOrder, shuffles } from './orders.ts';

/** What holds of every view, for each of its stories. `thing` begins their sentences. */
export function describeConverging<R extends Row, Shown extends { readonly status: string }>(
  thing: string,
  view: View<R, Shown>,
  stories: Readonly<Record<string, readonly Happening[]>>,
): void {
  describe.each(Object.entries(stories))(`${thing} %s`, (_, happenings) => {
    const { row: expected, told } = heard(view, happenings);

    it('comes to the same row in every order that the streams allow, and has told its account what it came to', () => {
      let last: R | null = null;
      for (const { rows, told } of everyOrder(view, happenings)) {
        [last = null] = rows;
        for (const row of rows) expect(row).toEqual(last);
        const seen = last && view.shown(last);
        if (seen) expect([...told]).toEqual([seen.status]);
        else expect([null, 'REMOVED']).toEqual(expect.arrayContaining([...told]));
      }
      expect(last).toEqual(expected);
    });

    it('comes to the same row even when nothing keeps its order, and everything comes twice', () => {
      for (const order of shuffles(happenings, 200)) expect(heard(view, order).row).toEqual(expected);
    });

    it('is known by its id, to its account', () => {
      expect(expected).toMatchObject({ accountId: ACCOUNT });
      for (const change of told) expect(change).toMatchObject({ accountId: ACCOUNT, rowId: expected?.id, view: view.name });
    });
  });
}

/** The row of a view as its account sees it after the happenings. */
export function shownAfter<R extends Row, Shown extends { readonly status: string }>(
  view: View<R, Shown>,
  happenings: readonly Happening[] = [],
): Shown | null {
  const { row } = heard(view, happenings);
  return row && view.shown(row);
}
