import { type RunningContextOptions, runningContext } from '@madang/kernel/testing/context';
import { MissionAchieved } from '@madang/missions/events';
import { uuidv7 } from 'uuidv7';
import type { Reward } from '../reward.ts';
import { rewards } from '../subgraph.ts';

/** Whose achievement of what it is. */
export interface Achievement {
  readonly accountId: string;
  readonly recordId: string;
  readonly missionId: string;
}

export const REWARD = '{ id title points grantedAt account { id } mission { id } record { id } }';

/** The context; the test plays missions. */
export async function runningRewards(options: RunningContextOptions = {}) {
  const { ask, rows, publish, published, deadLetters, close } = await runningContext(rewards, options);
  const rewardsOf = ({ recordId }: Achievement) => rows<Reward>('SELECT * FROM "Reward" WHERE "recordId" = $1', recordId);

  return {
    ask,
    rows,
    published,
    deadLetters,
    close,
    /** Another achievement of somebody's. */
    achievement: (accountId = uuidv7()): Achievement => ({ accountId, recordId: uuidv7(), missionId: uuidv7() }),
    /** Tells of it, as missions would, `times` over. Answers the event's id. */
    achieved: (achievement: Achievement, times?: number) => publish(MissionAchieved, achievement, times),
    rewardsOf,
  };
}

export type RunningRewards = Awaited<ReturnType<typeof runningRewards>>;
