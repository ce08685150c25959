import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { patiently } from './client.ts';
import type { Person } from './people.ts';
import type { Events } from './subscription.ts';
import { eventually } from './until.ts';

export type MissionRecordStatus = 'ACHIEVED' | 'REWARDED' | 'MESSAGED';

export interface Mission {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly points: number;
  readonly active: boolean;
}

/** What missions say of an achievement. */
export interface MissionRecord {
  readonly id: string;
  readonly status: MissionRecordStatus;
  readonly title: string;
  readonly points: number;
  readonly achievedAt: string;
  readonly rewardedAt: string | null;
  readonly messagedAt: string | null;
  readonly messageFailure: { readonly reason: string } | null;
  readonly mission: Mission;
}

/** With what rewards and notifications say of it. */
export interface WholeMissionRecord extends MissionRecord {
  readonly reward: { readonly id: string; readonly points: number; readonly title: string } | null;
  readonly message: { readonly id: string; readonly template: string; readonly channel: string; readonly status: string } | null;
}

export interface MissionRecordChange<Record = MissionRecord> {
  readonly status: MissionRecordStatus;
  readonly occurredAt: string;
  readonly cursor: string;
  readonly record: Record;
}

/** A mission of the demo's: the first rental. */
export const MISSION = { id: '01900000-0000-7000-8000-0000000f0007', title: '첫 대여', points: 500 };

export const MISSION_FIELDS = 'id title description points active';
/** What missions say of a record; it needs no other context. */
export const RECORD = `id status title points achievedAt rewardedAt messagedAt messageFailure { reason } mission { ${MISSION_FIELDS} }`;
/** With its reward and its message, of two other contexts. */
export const WHOLE_RECORD = `${RECORD} reward { id points title } message { id template channel status }`;

export const CREATE_MISSION = `mutation Create($input: CreateMissionInput!) { createMission(input: $input) { ${MISSION_FIELDS} } }`;
export const ACHIEVE = `mutation Achieve($input: AchieveMissionInput!) { achieveMission(input: $input) { ${RECORD} } }`;
export const READ_RECORD = `query Record($id: ID!) { missionRecord(id: $id) { ${RECORD} } }`;
export const READ_WHOLE_RECORD = `query WholeRecord($id: ID!) { missionRecord(id: $id) { ${WHOLE_RECORD} } }`;
export const WATCH_RECORDS = `subscription Records($id: ID, $after: String) {
  missionStatusChanged(recordId: $id, after: $after) { status occurredAt cursor record { ${RECORD} } }
}`;

const missionOf = (more: object) => ({
  ...{ title: `미션 ${randomUUID().slice(0, 8)}`, description: '한 번 해 보세요.', points: 500 },
  ...more,
});

/** A fresh mission, that nobody has achieved. */
export async function createMission(admin: Person, more: object = {}): Promise<Mission> {
  return (await admin.data<{ createMission: Mission }>(CREATE_MISSION, { input: missionOf(more) })).createMission;
}

export const refusalToCreateMission = (person: Person, more: object = {}) => person.refusal(CREATE_MISSION, { input: missionOf(more) });

export const tryToAchieve = (person: Person, missionId: string, more: object = {}) =>
  person.ask<{ achieveMission: MissionRecord }>(ACHIEVE, { input: { missionId, ...more } });

export async function achieve(person: Person, missionId: string, more: object = {}): Promise<MissionRecord> {
  return (await person.data<{ achieveMission: MissionRecord }>(ACHIEVE, { input: { missionId, ...more } })).achieveMission;
}

/** Achieves as a good client does: again, with the same key, until there is an answer. */
export async function achievePatiently(person: Person, missionId: string): Promise<MissionRecord> {
  const idempotencyKey = randomUUID();
  return (await patiently(() => tryToAchieve(person, missionId, { idempotencyKey }))).data.achieveMission;
}

export const refusalToAchieve = (person: Person, missionId: string, more: object = {}) =>
  person.refusal(ACHIEVE, { input: { missionId, ...more } });

export async function readRecord(person: Person, id: string): Promise<MissionRecord> {
  return (await person.data<{ missionRecord: MissionRecord }>(READ_RECORD, { id })).missionRecord;
}

export async function readWholeRecord(person: Person, id: string): Promise<WholeMissionRecord> {
  return (await person.data<{ missionRecord: WholeMissionRecord }>(READ_WHOLE_RECORD, { id })).missionRecord;
}

/** Waits until the record is in that status, as its owner sees it. */
export const recordBecomes = (person: Person, id: string, status: MissionRecordStatus, withinMs = 15_000): Promise<MissionRecord> =>
  eventually(
    async () => {
      const record = await readRecord(person, id);
      expect(record.status).toBe(status);
      return record;
    },
    { withinMs },
  );

/** Somebody's records (up to 100), newest first. */
export async function recordsOf(person: Person, status?: MissionRecordStatus): Promise<MissionRecord[]> {
  const { me } = await person.data<{ me: { missionRecords: { edges: { node: MissionRecord }[] } } }>(
    `query Records($status: MissionRecordStatus) { me { missionRecords(first: 100, status: $status) { edges { node { ${RECORD} } } } } }`,
    { status },
  );
  return me.missionRecords.edges.map(({ node }) => node);
}

/** The statuses that somebody's records come to, from now on. */
export const watchRecords = (person: Person, variables: { id?: string; after?: string } = {}): Promise<Events<MissionRecordChange>> =>
  person.watch<MissionRecordChange>('missions', WATCH_RECORDS, variables);
