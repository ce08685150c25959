import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { type InputOf, requireUser } from '@madang/kernel/domain';
import { achievementKey, rowOf } from './adapters/record-store.ts';
import { createMission } from './mission/commands.ts';
import { decideCreateMission } from './mission/decide.ts';
import { type Mission, mission } from './mission/mission.ts';
import { achieveMission, type followMessage, type rewardMission } from './mission-record/commands.ts';
import { decideAchieve, decideFollowMessage, decideReward } from './mission-record/decide.ts';
import { type MissionRecord, missionRecord } from './mission-record/mission-record.ts';
import type { MissionRecordRow } from './read-models/mission-records.ts';

export interface Parts {
  readonly missions: Store<Mission>;
  readonly findMission: (missionId: string) => Promise<Mission | null>;
  readonly byId: Store<MissionRecord>;
  readonly byAchievement: Store<MissionRecord>;
}

export type Handlers = ReturnType<typeof handlers>;

/** One function per command. */
export const handlers = (kernel: Kernel, { missions, findMission, byId, byAchievement }: Parts) => ({
  /** `newId` is the mission's id. */
  async createMission(raw: unknown, cause: Cause, newId = kernel.newId()): Promise<Mission> {
    const { idempotencyKey, ...particulars } = createMission.parse(raw);
    const { state } = await kernel.execute({
      aggregate: mission,
      store: missions,
      key: newId,
      known: null,
      input: { ...particulars, newId },
      decide: decideCreateMission,
      cause,
      idempotency: {
        scope: `createMission by ${cause.actor.kind === 'user' ? cause.actor.accountId : ''}`,
        key: idempotencyKey,
        input: particulars,
      },
    });
    return state;
  },

  async achieveMission(raw: unknown, cause: Cause): Promise<MissionRecordRow> {
    const { idempotencyKey, ...input } = achieveMission.parse(raw);
    const { accountId } = requireUser(cause.actor);
    const { state } = await kernel.execute({
      aggregate: missionRecord,
      store: byAchievement,
      key: achievementKey(accountId, input.missionId),
      input: { ...input, newId: kernel.newId(), mission: await findMission(input.missionId) },
      decide: decideAchieve,
      cause,
      idempotency: { scope: `achieveMission by ${accountId}`, key: idempotencyKey, input },
    });
    return rowOf(state);
  },

  async rewardMission(input: InputOf<typeof rewardMission>, cause: Cause): Promise<void> {
    await kernel.execute({ aggregate: missionRecord, store: byId, key: input.recordId, input, decide: decideReward, cause });
  },

  async followMessage(input: InputOf<typeof followMessage>, cause: Cause): Promise<void> {
    await kernel.execute({ aggregate: missionRecord, store: byId, key: input.recordId, input, decide: decideFollowMessage, cause });
  },
});
