import * as missions from '@madang/missions/events';
import * as rewards from '@madang/rewards/events';
import { Prisma } from '../generated/prisma/browser.ts';
import type { MissionRecordRow, MissionRecordStatus, PrismaClient } from '../generated/prisma/client.ts';
import { isLatest, lifecycle } from './lifecycle.ts';
import { listing, type StatusArguments } from './listing.ts';
import { blankOf, known } from './rows.ts';
import { projectionsOf, type View } from './view.ts';

const status = lifecycle('status', { ACHIEVED: 0, REWARDED: 1, MESSAGED: 2 });

interface Failure {
  readonly messageId: string;
  readonly channel: string;
  readonly reason: string;
}

/** The last failure is kept; of the messages the one that reached the customer, if any did. */
function failed(row: MissionRecordRow, { messageId, channel, reason }: Failure, at: Date): Partial<MissionRecordRow> {
  if (!isLatest(row.messageFailedAt, at)) return {};
  const failure = { messageFailureReason: reason, messageFailedAt: at };
  return row.messagedAt === null ? { ...failure, messageId, messageChannel: channel } : failure;
}

const on = projectionsOf<MissionRecordRow>();
const own = ({ recordId }: { readonly recordId: string }) => recordId;

const projections = [
  on(missions.MissionAchieved, own, (row, { accountId, missionId, title, points }, at) => ({
    accountId,
    missionId,
    title,
    points,
    achievedAt: at,
    ...status(row, 'ACHIEVED'),
  })),
  on(missions.MissionRewarded, own, (row, { rewardId }, at) => ({ rewardId, rewardedAt: at, ...status(row, 'REWARDED') })),
  on(missions.MissionMessaged, own, (row, { messageId, channel }, at) => ({
    messageId,
    messageChannel: channel,
    messagedAt: at,
    ...status(row, 'MESSAGED'),
  })),
  on(missions.MissionMessageFailed, own, (row, data, at) => ({ ...failed(row, data, at), ...status(row, 'REWARDED') })),
  on(rewards.RewardGranted, own, (_, { rewardId }) => ({ rewardId })),
];

/** Its reward may be heard of before the record itself. */
function shown({ version, messageFailureReason: reason, messageFailedAt: at, ...row }: MissionRecordRow) {
  const all = known(row, 'status', 'missionId', 'title', 'points', 'achievedAt');
  const messageFailure = reason !== null && at !== null ? { reason, at } : null;
  return all && { ...all, messageFailure, __typename: 'MyPageMissionRecord' as const };
}

/** The record of a mission as its account sees it. */
export type MissionRecord = NonNullable<ReturnType<typeof shown>>;

export const missionRecordsView: View<MissionRecordRow, MissionRecord> = {
  name: 'MISSION_RECORD',
  table: 'MissionRecordRow',
  blank: blankOf<MissionRecordRow>(Prisma.MissionRecordRowScalarFieldEnum, {}),
  projections,
  shown,
};

/** Which missions were achieved, what was granted for them, and did the customer hear of it? */
export const missionRecords = (prisma: PrismaClient) =>
  listing(missionRecordsView, prisma.missionRecordRow, ({ status }: StatusArguments<MissionRecordStatus>) => ({
    achievedAt: { not: null },
    status: status ?? undefined,
  }));
