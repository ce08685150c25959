import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';
import type { MessageChannel, MessageEvent, MessageSubject, MessageTemplate } from './events.ts';

interface Content {
  readonly accountId: string;
  readonly channel: MessageChannel;
  readonly template: MessageTemplate;
  readonly title: string;
  readonly body: string;
  readonly about: MessageSubject;
}

/** A message as its channel is given it. */
export interface OutgoingMessage extends Content {
  readonly messageId: string;
}

/** What became of it there. */
export type Receipt = { readonly delivered: true } | { readonly delivered: false; readonly reason: string };

interface Kept extends Content {
  readonly id: string;
  /** When it was sent, or found not to be deliverable; while it is queued, when it was. */
  readonly sentAt: Date;
}

/** It is kept, and on its way to a channel outside. */
export type QueuedMessage = Kept & { readonly status: 'QUEUED' };

/** A message (알림) that tells an account what has happened. */
export type Message =
  | QueuedMessage
  | (Kept & { readonly status: 'SENT' })
  | (Kept & { readonly status: 'READ'; readonly readAt: Date })
  | (Kept & { readonly status: 'FAILED'; readonly reason: string });

export type MessageStatus = Message['status'];

export type MessageQueued = Fact<'MessageQueued', OutgoingMessage & { readonly at: string }>;
/** A message waits for its channel: nobody else's business before it is sent or has failed. */
export const MessageQueued = defineFact<MessageQueued>('MessageQueued');

export type MessageChange = MessageEvent | MessageQueued;

export const message: Aggregate<Message, MessageChange> = {
  name: 'message',
  evolve(state, event) {
    switch (event.name) {
      case 'MessageQueued': {
        const { messageId, at, ...content } = event.data;
        return { ...content, id: messageId, status: 'QUEUED', sentAt: new Date(at) };
      }
      case 'MessageSent': {
        const { messageId, at, ...content } = event.data;
        return { ...content, id: messageId, status: 'SENT', sentAt: new Date(at) };
      }
      case 'MessageFailed': {
        const { messageId, at, ...content } = event.data;
        return { ...content, id: messageId, status: 'FAILED', sentAt: new Date(at) };
      }
      case 'MessageRead':
        if (state?.status !== 'SENT') throw new TypeError(`message ${event.data.messageId} is read without having been sent`);
        return { ...state, status: 'READ', readAt: new Date(event.data.at) };
    }
  },
};
