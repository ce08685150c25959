import { randomUUID } from 'node:crypto';
import type { Broker } from './broker.ts';
import { eventually } from './until.ts';

/** An event as its CloudEvent's headers tell of it. */
export interface Link {
  readonly context: string;
  readonly name: string;
  readonly id: string;
  readonly correlationId: string;
  /** The event that it follows from; empty when a request came first. */
  readonly causationId: string;
  /** The trace of the request that it all began with. */
  readonly traceId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

type Streams = Awaited<ReturnType<Broker['manager']>>['streams'];

async function* linksOf(streams: Streams, names: Broker['names'], of: string): AsyncGenerator<Link> {
  const stream = names.stream(of);
  const { state } = await streams.info(stream);
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const message = await streams.getMessage(stream, { seq });
    if (!message) continue;
    const header = (name: string) => message.header.get(name);
    const [context = '', , name = ''] = names.bare(message.subject).split('.');
    yield {
      ...{ context, name, id: header('ce-id'), correlationId: header('ce-correlationid'), causationId: header('ce-causationid') },
      traceId: header('traceparent').split('-')[1] ?? '',
      data: message.json(),
    };
  }
}

/** Every event of these contexts' streams that has this correlation id, in the order of the contexts and of each stream. */
export async function chainOf(broker: Broker, contexts: readonly string[], correlationId: string): Promise<Link[]> {
  const { streams } = await broker.manager();
  const chain: Link[] = [];
  for (const context of contexts)
    for await (const link of linksOf(streams, broker.names, context)) {
      if (link.correlationId === correlationId) chain.push(link);
    }
  return chain;
}

/** The event of that name and key, once it is in the stream. */
export const eventOf = (broker: Broker, context: string, name: string, key: string) =>
  eventually(async () => {
    const { streams } = await broker.manager();
    const stream = broker.names.stream(context);
    const { state } = await streams.info(stream, { subjects_filter: broker.names.subject(`${context}.*.${name}.${key}`) });
    const [subject] = Object.keys(state.subjects ?? {});
    return (subject && (await streams.getMessage(stream, { last_by_subj: subject }))) || false;
  });

/** Publishes an event that has happened a second time, with another id, as if its context had told it twice. */
export async function repeatEventOf(broker: Broker, context: string, name: string, key: string): Promise<void> {
  const { subject, header, data } = await eventOf(broker, context, name, key);
  header.delete('Nats-Msg-Id');
  header.set('ce-id', randomUUID());
  await broker.js.publish(subject, data, { headers: header });
}
