import type { ReceivedOf, RequestContext } from '@madang/kernel/graphql';
import { MissionAchieved, MissionMessaged, MissionMessageFailed, MissionRewarded } from './events.ts';
import type { MissionRecordStatus, Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import { type MissionRecordLoader, type MissionRecordsModel, messageOf, sees } from './read-models/mission-records.ts';
import type { MissionLoader, MissionsModel } from './read-models/missions.ts';

export interface Loaders {
  readonly missions: MissionLoader;
  readonly records: MissionRecordLoader;
}

export interface Models {
  readonly missions: MissionsModel;
  readonly records: MissionRecordsModel;
}

/** A change as it is pushed; the record itself is read when it is asked for. */
export interface RecordChange {
  readonly status: MissionRecordStatus;
  readonly occurredAt: Date;
  readonly cursor: string;
  readonly recordId: string;
}

const changes = [MissionAchieved, MissionRewarded, MissionMessaged, MissionMessageFailed] as const;
const statusAfter = {
  MissionAchieved: 'ACHIEVED',
  MissionRewarded: 'REWARDED',
  MissionMessaged: 'MESSAGED',
  MissionMessageFailed: 'REWARDED',
} as const;

const change = ({ name, time, data }: ReceivedOf<(typeof changes)[number]>, cursor: string): RecordChange => ({
  status: statusAfter[name],
  occurredAt: time,
  cursor,
  recordId: data.recordId,
});

export const resolvers = (handlers: Handlers, { missions, records }: Models): Resolvers<RequestContext<Loaders>> => ({
  Query: {
    missions: (_, list) => missions.list(list),
    mission: (_, { id }) => missions.byId(id),
    missionRecord: (_, { id }, { cause }) => records.byId(id, cause.actor),
    operationsMissionRecords: (_, list, { cause }) => records.operations(list, cause.actor),
  },
  Mutation: {
    createMission: (_, { input }, { cause }) => handlers.createMission(input, cause),
    achieveMission: (_, { input }, { cause }) => handlers.achieveMission(input, cause),
  },
  Subscription: {
    missionStatusChanged: {
      subscribe: (_, { recordId, after }, ctx) =>
        ctx.subscribe({
          field: 'missionStatusChanged',
          to: changes,
          after,
          allow: () => recordId && records.byId(recordId, ctx.cause.actor),
          when: ({ data }, actor) => sees(actor, data.accountId) && (!recordId || data.recordId === recordId),
          as: change,
        }),
    },
  },
  MissionStatusChange: {
    record: ({ recordId }, _, { cause }) => records.byId(recordId, cause.actor),
  },
  Mission: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.missions.load(id),
  },
  MissionRecord: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.records.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    mission: ({ missionId }, _, ctx) => ctx.loaders.missions.load(missionId),
    messagedAt: (record) => messageOf(record).sentAt,
    message: (record) => messageOf(record).message,
    messageFailure: (record) => messageOf(record).failure,
  },
  Account: {
    __resolveReference: ({ id }) => ({ id }),
    missionRecords: ({ id }, list, { cause }) => records.ofAccount(id, list, cause.actor),
  },
});
