import { expect } from 'vitest';
import type { Person } from './people.ts';
import type { System } from './system.ts';
import { elapsed } from './until.ts';

/** What was read meanwhile, again and again. */
export interface Togetherness {
  /** Orders of which the assignment was read as CANCELLED and, after that, the schedule was not. */
  readonly torn: readonly string[];
  /** Orders of which the schedule was CANCELLED and, after that, neither was the assignment, nor was its cancellation still to be finished. */
  readonly forgotten: readonly string[];
  /** How often an assignment was read as CANCELLED, and its schedule after that; 0 proves nothing. */
  readonly looks: number;
}

interface Listed {
  readonly operationsPtOrders: {
    readonly edges: readonly {
      readonly node: { readonly id: string; readonly [part: string]: { readonly status: string } | string | null };
    }[];
  };
}

/** A status of each of the last hundred orders, as a manager sees it through the router; what is down meanwhile is left out. */
async function statuses(manager: Person, part: 'assignment' | 'schedule'): Promise<Map<string, string | undefined>> {
  const query = `{ operationsPtOrders(first: 100) { edges { node { id ${part} { status } } } } }`;
  const { data, errors } = await manager.ask<Listed>(query).catch(() => ({ data: null, errors: undefined }));
  if (errors || !data) return new Map();
  return new Map(
    data.operationsPtOrders.edges.map(({ node: { id, [part]: found } }) => [id, typeof found === 'object' ? found?.status : undefined]),
  );
}

/** Orders whose schedule is cancelled, and whose assignment is not; unless an intent is open that will see to it. */
async function forgottenNow({ databases }: System): Promise<string[]> {
  const cancelled = await databases.query<{ id: string }>(
    'pt_trainers',
    `SELECT "orderId" AS id FROM "PtSchedule" WHERE "status" = 'CANCELLED'`,
  );
  const rows = await databases.query<{ id: string }>(
    'pt_managers',
    `SELECT "orderId" AS id FROM "TrainerAssignment" a WHERE "orderId" = ANY($1) AND "status" <> 'CANCELLED'
       AND NOT EXISTS (SELECT FROM kernel.intent i WHERE i.kind = 'cancel-schedule' AND i.key = a."orderId")`,
    [cancelled.map(({ id }) => id)],
  );
  return rows.map(({ id }) => id);
}

/** Reads the assignments and *then* the schedules, all over again until it is stopped. */
export function pollTogetherness(manager: Person): { stop(): Promise<Togetherness> } {
  const [torn, forgotten] = [new Set<string>(), new Set<string>()];
  let looks = 0;
  let stopped = false;
  async function look(): Promise<void> {
    const assignments = await statuses(manager, 'assignment');
    const cancelled = [...assignments].filter(([, status]) => status === 'CANCELLED');
    const schedules = cancelled.length > 0 ? await statuses(manager, 'schedule') : new Map<string, string | undefined>();
    for (const [id] of cancelled) {
      if (!schedules.has(id)) continue;
      looks++;
      if (schedules.get(id) !== 'CANCELLED') torn.add(`${id}: the schedule is ${schedules.get(id)}`);
    }
    for (const id of await forgottenNow(manager.system)) forgotten.add(id);
  }
  const polling = (async () => {
    while (!stopped) {
      await look();
      await elapsed(10, 'between two looks');
    }
  })();
  polling.catch(() => {});
  return {
    async stop() {
      stopped = true;
      await polling;
      return { torn: [...torn], forgotten: [...forgotten], looks };
    },
  };
}

/** Looks all the while that the task takes, as a manager: an assignment is never cancelled without its schedule, a schedule not without the assignment for good. */
export async function whileTogether<Result>(manager: Person, task: () => Promise<Result>): Promise<Result> {
  const poll = pollTogetherness(manager);
  const result = await task().finally(() => poll.stop());
  expect(await poll.stop()).toEqual({ torn: [], forgotten: [], looks: expect.toSatisfy((looks: number) => looks > 0) });
  return result;
}
