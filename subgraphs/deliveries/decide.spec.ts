import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { cancelDelivery, completeDelivery } from './commands.ts';
import { decideCancel, decideComplete, decideStart } from './decide.ts';
import { delivery } from './delivery.ts';
import { DeliveryCancelled, DeliveryCompleted, type DeliveryEvent, DeliveryStarted } from './events.ts';

const [deliveryId, newId] = ['01936d5e-0000-7000-8000-0000000000d1', '01936d5e-0000-7000-8000-0000000000d2'];
const [accountId, applicationId] = ['01900000-0000-7000-8000-000000000001', '01936d5e-0000-7000-8000-0000000000a1'];
const now = new Date('2026-11-20T06:00:00Z');
const of = { deliveryId, accountId, applicationId, at: now.toISOString() };
const parcel = {
  title: '수학의 정석',
  quantity: 2,
  address: { recipient: '김하늘', phone: '010-1234-5678', postalCode: '04524', line1: '세종대로 110' },
};

const started = DeliveryStarted({ ...of, ...parcel });
const cancelled = DeliveryCancelled({ ...of, started: true });
const neverStarted = DeliveryCancelled({ ...of, started: false });
const completed = DeliveryCompleted(of);

const having = (...events: DeliveryEvent[]) => given(delivery, events);
const payments = { now, actor: service('payments') };
const manager = { now, actor: user('m', 'CUSTOMER', 'MANAGER') };
const start = { accountId, applicationId, ...parcel, newId };
const cancel = { accountId, applicationId, idempotencyKey: 'k', newId };

describe('starting', () => {
  it('sends what was paid', () => {
    having()
      .when(decideStart, start, { now })
      .then(DeliveryStarted({ ...of, ...parcel, deliveryId: newId }));
    expect(having(started).state).toMatchObject({ status: 'DELIVERING', parcel: { ...parcel, startedAt: now } });
  });

  it('happens once for an application', () => {
    for (const events of [[started], [started, cancelled], [started, completed]])
      having(...events)
        .when(decideStart, start, { now })
        .thenNothing();
  });

  it('never happens when it was cancelled before', () => {
    having(neverStarted).when(decideStart, start, { now }).thenNothing();
  });
});

describe('cancelling', () => {
  it('stops what is on its way', () => {
    having(started).when(decideCancel, cancel, payments).then(cancelled);
    expect(having(started, cancelled).state).toMatchObject({ status: 'CANCELLED', parcel, cancelledAt: now });
  });

  it('is remembered when there is nothing to stop yet', () => {
    having()
      .when(decideCancel, cancel, payments)
      .then(DeliveryCancelled({ ...of, deliveryId: newId, started: false }));
    expect(having(neverStarted).state).toMatchObject({ status: 'CANCELLED', parcel: null });
  });

  it('gives the same answer when it is asked for again', () => {
    having(started, cancelled).when(decideCancel, cancel, payments).thenNothing();
    having(neverStarted).when(decideCancel, cancel, payments).thenNothing();
  });

  it('is refused when the books have been handed over', () => {
    having(started, completed).when(decideCancel, cancel, payments).thenRefused('ALREADY_DELIVERED');
  });

  it('is for other contexts, on behalf of the account that applied', () => {
    for (const actor of [anonymous, user(accountId, 'CUSTOMER'), user('m', 'MANAGER', 'ADMIN')])
      having(started).when(decideCancel, cancel, { now, actor }).thenRefused('FORBIDDEN');
    having(started)
      .when(decideCancel, { ...cancel, accountId: 'another' }, payments)
      .thenRefused('NOT_FOUND');
  });

  it.each([
    ['accountId', { accountId: 'a.b' }],
    ['applicationId', { applicationId: '' }],
    ['idempotencyKey', { idempotencyKey: '' }],
  ])('names %s as the field at fault: %j', (field, wrong) => {
    expect(() => cancelDelivery.parse({ accountId, applicationId, idempotencyKey: 'k', ...wrong })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', details: { field } }),
    );
  });
});

describe('completing', () => {
  const input = completeDelivery.parse({ deliveryId });

  it('is told by a MANAGER, and telling it again changes nothing', () => {
    having(started).when(decideComplete, input, manager).then(completed);
    having(started, completed).when(decideComplete, input, manager).thenNothing();
    expect(having(started, completed).state).toMatchObject({ status: 'DELIVERED', parcel, deliveredAt: now });
  });

  it('is refused for a cancelled one', () => {
    having(started, cancelled).when(decideComplete, input, manager).thenRefused('DELIVERY_CANCELLED');
    having(neverStarted).when(decideComplete, input, manager).thenRefused('DELIVERY_CANCELLED');
  });

  it('is refused for one that is not there', () => {
    having().when(decideComplete, input, manager).thenRefused('NOT_FOUND');
    expect(() => completeDelivery.parse({ deliveryId: 'x' })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });

  it.each([
    ['UNAUTHENTICATED', anonymous],
    ['UNAUTHENTICATED', service('payments')],
    ['FORBIDDEN', user(accountId, 'CUSTOMER')],
    ['FORBIDDEN', user('a', 'CUSTOMER', 'ADMIN')],
  ])('is refused with %s for others', (code, actor) => {
    having(started).when(decideComplete, input, { now, actor }).thenRefused(code);
  });
});
