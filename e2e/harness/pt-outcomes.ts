import { expect } from 'vitest';
import type { Person } from './people.ts';
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

const READ_ASSIGNMENT = 'query A($id: ID!) { ptOrder(id: $id) { assignment { status } } }';
const READ_SCHEDULE = 'query S($id: ID!) { ptOrder(id: $id) { schedule { status } } }';

/** What somebody has read, again and again. */
export interface Togetherness {
  /** Orders of which the assignment was read as CANCELLED and, after that, the schedule was not. */
  readonly torn: readonly string[];
  /** How often an assignment was read as CANCELLED; 0 proves nothing. */
  readonly cancelled: number;
}

/** Reads each order's assignment and *then* its schedule, all over again until it is stopped; what is down meanwhile is left out. */
export function pollTogetherness(person: Person, ids: () => readonly string[]): { stop(): Promise<Togetherness> } {
  const torn = new Set<string>();
  let cancelled = 0;
  let stopped = false;
  /** Null: nothing is known, as somebody is down. */
  async function statusIn(query: string, part: 'assignment' | 'schedule', id: string): Promise<string | null> {
    type Read = { ptOrder: Record<string, { status: string } | null> | null };
    const { data, errors } = await person.ask<Read>(query, { id }).catch(() => ({ data: null, errors: [] }));
    return errors || !data?.ptOrder ? null : (data.ptOrder[part]?.status ?? 'none');
  }
  async function look(id: string): Promise<void> {
    if ((await statusIn(READ_ASSIGNMENT, 'assignment', id)) !== 'CANCELLED') return;
    const schedule = await statusIn(READ_SCHEDULE, 'schedule', id);
    if (schedule === null) return;
    cancelled++;
    if (schedule !== 'CANCELLED') torn.add(`${id}: the schedule is ${schedule}`);
  }
  const polling = (async () => {
    while (!stopped) {
      for (const id of ids()) if (!stopped) await look(id);
      await new Promise((next) => setTimeout(next, 5));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await polling;
      return { torn: [...torn], cancelled };
    },
  };
}
