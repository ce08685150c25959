import { randomUUID } from 'node:crypto';
import { Broker } from '@madang/kernel/nats';
import { createLogger } from '@madang/kernel/observability';
import { eventually } from './until.ts';

export type { Broker };

/** Publishes an event that has happened once more, headers and all, but so that no context can take it in; resolves when it is a dead letter. */
export async function breakEventOf(broker: Broker, context: string, event: string, key: string): Promise<void> {
  const { streams } = await broker.manager();
  const message = await eventually(async () => {
    for await (const { config } of streams.list()) {
      if (config.name !== broker.names.stream(context)) continue;
      const info = await streams.info(config.name, { subjects_filter: `${config.subjects?.[0]}` });
      const subject = Object.keys(info.state.subjects ?? {}).find((one) => one.endsWith(`.${event}.${key}`));
      return subject ? await streams.getMessage(config.name, { last_by_subj: subject }) : false;
    }
    return false;
  });
  if (!message) throw new Error(`${context} has published no ${event} of ${key}`);
  const { header } = message;
  header.delete('Nats-Msg-Id');
  header.set('ce-id', randomUUID());
  const before = await deadLetters(broker);
  await broker.js.publish(message.subject, `{"broken":${message.string()}}`, { headers: header });
  await eventually(async () => (await deadLetters(broker)) > before, { withinMs: 20_000 });
}

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
