import type { Cause, Kernel, Store } from '@madang/kernel/context';
import type { InputOf } from '@madang/kernel/domain';
import type { grantReward } from './commands.ts';
import { decideGrant } from './decide.ts';
import { type Reward, reward } from './reward.ts';

export type Handlers = ReturnType<typeof handlers>;

/** One function per command. */
export const handlers = (kernel: Kernel, byRecord: Store<Reward>) => ({
  async grantReward(input: InputOf<typeof grantReward>, cause: Cause): Promise<void> {
    await kernel.execute({
      aggregate: reward,
      store: byRecord,
      key: input.recordId,
      input: { ...input, newId: kernel.newId() },
      decide: decideGrant,
      cause,
    });
  },
});
