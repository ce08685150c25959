import type { Store } from '@madang/kernel/context';
import { saveRow } from '@madang/kernel/prisma';
import { messageChannel, messageSubject, messageTemplate } from '../events.ts';
import type { PrismaClient, Message as Row } from '../generated/prisma/client.ts';
import type { Message, OutgoingMessage } from '../message.ts';

/** The message that a row is. */
export function messageOf({ status, readAt, failureReason, aboutType, aboutId, version, ...row }: Row): Message {
  const kept = {
    ...row,
    channel: messageChannel.parse(row.channel),
    template: messageTemplate.parse(row.template),
    about: messageSubject.parse({ type: aboutType, id: aboutId }),
  };
  if (status === 'READ') return { ...kept, status, readAt: readAt ?? row.sentAt };
  if (status === 'FAILED') return { ...kept, status, reason: failureReason ?? '' };
  return { ...kept, status };
}

const rowOf = ({ about, ...message }: Message): Omit<Row, 'version'> => ({
  id: message.id,
  accountId: message.accountId,
  channel: message.channel,
  template: message.template,
  title: message.title,
  body: message.body,
  aboutType: about.type,
  aboutId: about.id,
  status: message.status,
  sentAt: message.sentAt,
  readAt: message.status === 'READ' ? message.readAt : null,
  failureReason: message.status === 'FAILED' ? message.reason : null,
});

export const messageStore = (prisma: PrismaClient): Store<Message> => ({
  async load(id) {
    const row = await prisma.message.findUnique({ where: { id } });
    return row && { state: messageOf(row), version: row.version };
  },
  save: (message, version) => saveRow('Message', rowOf(message), version),
});

/** How many older messages of the same account wait for the same channel. */
export const messagesAhead =
  (prisma: PrismaClient) =>
  ({ accountId, channel, messageId }: OutgoingMessage): Promise<number> =>
    prisma.message.count({ where: { accountId, status: 'QUEUED', channel, id: { lt: messageId } } });
