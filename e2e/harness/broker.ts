import { Broker } from '@madang/kernel/nats';
import { createLogger } from '@madang/kernel/observability';

export type { Broker };

/** A connection to the system's nats-server that comes back by itself. */
export const openBroker = (url: string): Promise<Broker> =>
  Broker.open({ url, name: 'e2e', log: createLogger({ name: 'e2e', level: 'silent' }) });

/** How many events the contexts' consumers have not done with. */
export async function unhandled(broker: Broker): Promise<number> {
  const manager = await broker.manager();
  let count = 0;
  for await (const { config } of manager.streams.list())
    for await (const consumer of manager.consumers.list(config.name))
      if (consumer.config.durable_name !== undefined) count += consumer.num_pending + consumer.num_ack_pending;
  return count;
}

/** How many events were buried as dead letters. */
export async function deadLetters(broker: Broker): Promise<number> {
  const manager = await broker.manager();
  for await (const { config, state } of manager.streams.list()) if (config.name === broker.names.deadLetters) return state.messages;
  return 0;
}
