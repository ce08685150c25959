import { anonymous, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { decideMarkMessageRead, decideSendMessage, decideSettleMessage, isForMessenger } from './decide.ts';
import { MessageFailed, MessageRead, MessageSent, messageTemplate } from './events.ts';
import { MessageQueued, message, type OutgoingMessage } from './message.ts';

const now = new Date('2026-11-20T06:00:00.000Z');
const at = now.toISOString();
const reader = user('01900000-0000-7000-8000-000000000001', 'CUSTOMER');
const outgoing: OutgoingMessage = {
  messageId: '01936d5e-0000-7000-8000-0000000000e1',
  accountId: reader.accountId,
  channel: 'IN_APP',
  template: 'TEXTBOOK_DELIVERED',
  title: '교재 배송이 완료되었습니다',
  body: '신청하신 교재가 배송지에 전달되었습니다.',
  about: { type: 'TEXTBOOK_APPLICATION', id: '01936d5e-0000-7000-8000-0000000000a1' },
};
const { messageId, accountId } = outgoing;
const sent = MessageSent({ ...outgoing, at });
const failed = MessageFailed({ ...outgoing, at, reason: 'blocked' });
const read = MessageRead({ messageId, accountId, at });

const forTelegram: OutgoingMessage = { ...outgoing, channel: 'TELEGRAM' };
const queued = MessageQueued({ ...forTelegram, at: '2026-11-20T05:59:00.000Z' });

describe('sending a message', () => {
  it('in the app is done by keeping it', () => {
    given(message, []).when(decideSendMessage, { message: outgoing }, { now }).then(sent);
  });

  it('to a channel outside is queued', () => {
    given(message, [])
      .when(decideSendMessage, { message: forTelegram }, { now })
      .then(MessageQueued({ ...forTelegram, at }));
  });

  it('is not done again when it is there', () => {
    for (const before of [[sent], [sent, read], [failed]])
      given(message, before).when(decideSendMessage, { message: outgoing }, { now }).thenNothing();
    given(message, [queued]).when(decideSendMessage, { message: forTelegram }, { now }).thenNothing();
  });

  it('goes to the messenger for the mission game only', () => {
    expect(messageTemplate.options.filter(isForMessenger)).toEqual(['MISSION_REWARDED', 'GIFT_EXCHANGED', 'GIFT_USED']);
  });
});

describe('what became of a queued message', () => {
  const delivered = { receipt: { delivered: true }, channel: 'TELEGRAM' } as const;
  const refused = { receipt: { delivered: false, reason: 'blocked' }, channel: 'TELEGRAM' } as const;

  it('is sent when the channel has delivered it', () => {
    given(message, [queued])
      .when(decideSettleMessage, delivered, { now })
      .then(MessageSent({ ...forTelegram, at }));
  });

  it('is sent in the app when its channel is not there any more', () => {
    given(message, [queued])
      .when(decideSettleMessage, { ...delivered, channel: 'IN_APP' }, { now })
      .then(sent);
  });

  it('has failed when the channel cannot deliver it', () => {
    given(message, [queued])
      .when(decideSettleMessage, refused, { now })
      .then(MessageFailed({ ...forTelegram, at, reason: 'blocked' }));
  });

  it('stays as it became', () => {
    const settled = MessageSent({ ...forTelegram, at });
    given(message, [queued, settled]).when(decideSettleMessage, refused, { now }).thenNothing();
    given(message, [queued, settled, read]).when(decideSettleMessage, delivered, { now }).thenNothing();
  });
});

describe('marking a message as read', () => {
  const facts = { now, actor: reader };

  it('is read by its reader', () => {
    given(message, [sent]).when(decideMarkMessageRead, { messageId }, facts).then(read);
    expect(given(message, [sent, read]).state).toMatchObject({ status: 'READ', readAt: now, sentAt: now, title: outgoing.title });
  });

  it('stays read', () => {
    given(message, [sent, read]).when(decideMarkMessageRead, { messageId }, facts).thenNothing();
  });

  it('is nobody else’s to read, whatever their role', () => {
    const others = user('01900000-0000-7000-8000-000000000004', 'CUSTOMER', 'MANAGER', 'ADMIN');
    given(message, [sent]).when(decideMarkMessageRead, { messageId }, { now, actor: others }).thenRefused('NOT_FOUND');
    given(message, []).when(decideMarkMessageRead, { messageId }, facts).thenRefused('NOT_FOUND');
    given(message, [sent]).when(decideMarkMessageRead, { messageId }, { now, actor: anonymous }).thenRefused('UNAUTHENTICATED');
  });

  it('is refused for one that never reached them', () => {
    for (const before of [failed, queued])
      given(message, [before]).when(decideMarkMessageRead, { messageId }, facts).thenRefused('MESSAGE_NOT_SENT');
  });
});
