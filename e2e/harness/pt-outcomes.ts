import { expect } from 'vitest';
import type { AssignmentStatus, PtOrderStatus, ScheduleStatus } from './pt.ts';
import type { System } from './system.ts';

/** Everything that the three contexts keep of one PT order. */
export interface PtOutcome {
  readonly order: PtOrderStatus;
  readonly assignments: readonly AssignmentStatus[];
  readonly schedules: readonly ScheduleStatus[];
}

/** Cancelled together. */
export const PT_CANCELLED: PtOutcome = { order: 'CANCELLED', assignments: ['CANCELLED'], schedules: ['CANCELLED'] };
/** The lesson is to be held. */
export const PT_CONFIRMED: PtOutcome = { order: 'CONFIRMED', assignments: ['ORDER_CONFIRMED'], schedules: ['CONFIRMED'] };
/** The lesson has been held. */
export const PT_TAUGHT: PtOutcome = { order: 'COMPLETED', assignments: ['ORDER_CONFIRMED'], schedules: ['RESULT_POSTED'] };

type Kept<Status> = { of: string; status: Status };

/** What the three contexts keep of these orders, read from their own databases. */
export async function ptOutcomes({ databases }: System, ids: readonly string[]): Promise<Map<string, PtOutcome>> {
  const [orders, assignments, schedules] = await Promise.all([
    databases.query<Kept<PtOrderStatus>>(
      'pt_orders',
      'SELECT "id"::text AS of, "status"::text FROM "PtOrder" WHERE "id" = ANY($1::uuid[])',
      [ids],
    ),
    databases.query<Kept<AssignmentStatus>>(
      'pt_managers',
      'SELECT "orderId" AS of, "status"::text FROM "TrainerAssignment" WHERE "orderId" = ANY($1)',
      [ids],
    ),
    databases.query<Kept<ScheduleStatus>>(
      'pt_trainers',
      'SELECT "orderId" AS of, "status"::text FROM "PtSchedule" WHERE "orderId" = ANY($1)',
      [ids],
    ),
  ]);
  const statuses = <Status>(rows: readonly Kept<Status>[], id: string) => rows.filter(({ of }) => of === id).map(({ status }) => status);
  return new Map(
    orders.map(({ of, status }) => [of, { order: status, assignments: statuses(assignments, of), schedules: statuses(schedules, of) }]),
  );
}

/** Each of the orders has come to one of these; what has not is told with its id. */
export async function expectPtOutcomes(system: System, ids: readonly string[], ...allowed: readonly PtOutcome[]): Promise<void> {
  const outcomes = await ptOutcomes(system, ids);
  const wrong = ids.filter((id) => !allowed.some((one) => JSON.stringify(one) === JSON.stringify(outcomes.get(id))));
  expect(
    wrong.slice(0, 5).map((id) => ({ id, ...outcomes.get(id) })),
    `${wrong.length} of ${ids.length} PT orders are not as they must be`,
  ).toEqual([]);
}

/** The page has a row for every PT order, and shows it as the three contexts themselves keep it. For a system that is quiet. */
export async function expectEachPtOrderRowOnce({ databases }: System): Promise<void> {
  type Shown = { of: string; is: string };
  const [orders, assignments, schedules, rows] = await Promise.all([
    databases.query<Shown>('pt_orders', `SELECT "id"::text AS of, concat_ws(' ', "status", "className") AS is FROM "PtOrder"`),
    databases.query<Shown>(
      'pt_managers',
      `SELECT "orderId" AS of, concat_ws(' ', "id", "status", "trainerId") AS is FROM "TrainerAssignment"`,
    ),
    databases.query<Shown>(
      'pt_trainers',
      `SELECT "orderId" AS of, concat_ws(' ', "id", "status", "lessonAt", "result") AS is FROM "PtSchedule"`,
    ),
    databases.query<Shown>(
      'my_pages',
      `SELECT "id" AS of, concat_ws(', ', concat_ws(' ', "status", "className"), concat_ws(' ', "assignmentId", "assignmentStatus", "trainerId"),
         concat_ws(' ', "scheduleId", "scheduleStatus", "lessonAt", "result")) AS is FROM "PtOrderRow"`,
    ),
  ]);
  const found = (kept: readonly Shown[]) => new Map(kept.map(({ of, is }) => [of, is]));
  const [assignment, schedule] = [found(assignments), found(schedules)];
  const kept = orders.map(({ of, is }) => [of, [is, assignment.get(of) ?? '', schedule.get(of) ?? ''].join(', ')]);
  expect(Object.fromEntries(rows.map(({ of, is }) => [of, is]))).toEqual(Object.fromEntries(kept));
}
