import type { EventDefinition } from '@madang/kernel/domain';
import { runningContext } from '@madang/kernel/testing/context';
import { notifications } from '../subgraph.ts';

/** The context; the test plays the other contexts. */
export async function runningNotifications() {
  const { askWhole: ask, watch, replica, publish, published, deadLetters, rows, close } = await runningContext(notifications);

  return {
    ask,
    watch,
    replica,
    deadLetters,
    close,
    /** Publishes what happened to an account as its context would, `times` over. Answers the event's id. */
    publish: (event: EventDefinition, { accountId }: { readonly accountId: string }, data: object = {}, times = 1) =>
      publish(event, { accountId, ...data }, times),
    published: () => published<{ messageId: string }>(),
    count: async (): Promise<number> => (await rows('SELECT FROM "Message"')).length,
  };
}

export type RunningNotifications = Awaited<ReturnType<typeof runningNotifications>>;
