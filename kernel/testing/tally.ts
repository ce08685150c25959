import { z } from 'zod';
import type { Loaded, Store } from '../context/definition.ts';
import { type Aggregate, type Decide, defineEvent, type EventDefinition, type EventOf, id, Refused } from '../domain/index.ts';
import { type Database, saveRow, sql } from '../prisma/index.ts';

/** A small aggregate for the kernel's own tests: a tally is raised, up to a limit. */
export const TallyRaised = defineEvent({
  context: 'tallies',
  aggregate: 'tally',
  name: 'TallyRaised',
  version: 1,
  key: ({ tallyId }) => tallyId,
  payload: z.object({ tallyId: id, by: z.int(), count: z.int() }),
  examples: [{ tallyId: '01900000-0000-7000-8000-000000000001', by: 1, count: 1 }],
});
export type TallyEvent = EventOf<typeof TallyRaised>;

export interface Tally {
  readonly id: string;
  readonly count: number;
}

export const tally: Aggregate<Tally, TallyEvent> = {
  name: 'tally',
  evolve: (_, { data }) => ({ id: data.tallyId, count: data.count }),
};

export interface Raise {
  readonly id: string;
  readonly by: number;
}

export const decideRaise: Decide<Tally, Raise, TallyEvent> = (state, { id: tallyId, by }) => {
  const count = (state?.count ?? 0) + by;
  if (count > 1_000) throw new Refused('TALLY_FULL', 'A tally ends at 1,000.');
  return by === 0 ? [] : [TallyRaised({ tallyId, by, count })];
};

export const tallyStore = (db: Database): Store<Tally> => ({
  async load(tallyId): Promise<Loaded<Tally> | null> {
    const [row] = await db.query<Tally & { version: number }>(
      sql`SELECT id::text, count, version FROM "Tally" WHERE id = ${tallyId}::uuid`,
    );
    return row ? { state: { id: row.id, count: row.count }, version: row.version } : null;
  },
  save: (state, version) => saveRow('Tally', state, version),
});

export const tallyTable = sql`CREATE TABLE "Tally" ("id" UUID PRIMARY KEY, "count" INT NOT NULL, "version" INT NOT NULL)`;

export const declaredTally = (): EventDefinition => TallyRaised as unknown as EventDefinition;
