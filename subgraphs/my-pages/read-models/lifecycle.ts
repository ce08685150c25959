/**
 * A column that goes through a lifecycle: of two statuses the one that is further stays, so that it does not matter which was heard first.
 * `const status = lifecycle('status', { APPLIED: 0, PAID: 1 })`, and in a projection `status(row, 'PAID')`.
 */
export const lifecycle =
  <Column extends string, Status extends string>(column: Column, rank: Readonly<Record<Status, number>>) =>
  (row: Readonly<Record<Column, Status | null>>, heard: Status) => {
    const known: Status | null = row[column];
    const status = known !== null && rank[known] >= rank[heard] ? known : heard;
    return { [column]: status } as Record<Column, Status>;
  };

/** Whether what was said at `at` counts: nothing that was said later is known. */
export const isLatest = (known: Date | null, at: Date): boolean => known === null || known <= at;

/** Why something could not be cancelled: the last refusal is kept. */
export const rejected = (row: { readonly cancellationRejectedAt: Date | null }, reason: string, at: Date) =>
  isLatest(row.cancellationRejectedAt, at) ? { cancellationRejectedAt: at, cancellationRejectedReason: reason } : {};
