import { anonymous, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { decideMarkMessageRead, decideSendMessage } from './decide.ts';
import { MessageFailed, MessageRead, MessageSent } from './events.ts';
import { message, type OutgoingMessage } from './message.ts';

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

describe('sending a message', () => {
  const delivered = { message: outgoing, receipt: { delivered: true } } as const;

  it('is sent when the channel has delivered it', () => {
    given(message, []).when(decideSendMessage, delivered, { now }).then(sent);
  });

  it('has failed when the channel cannot deliver it', () => {
    given(message, [])
      .when(decideSendMessage, { message: outgoing, receipt: { delivered: false, reason: 'blocked' } }, { now })
      .then(failed);
  });

  it('is not sent again when it is there', () => {
    given(message, [sent]).when(decideSendMessage, delivered, { now }).thenNothing();
    given(message, [sent, read]).when(decideSendMessage, delivered, { now }).thenNothing();
    given(message, [failed]).when(decideSendMessage, delivered, { now }).thenNothing();
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
    given(message, [failed]).when(decideMarkMessageRead, { messageId }, facts).thenRefused('MESSAGE_NOT_SENT');
  });
});
