import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { cleaning } from './cleaning.ts';
import { completeCleaning, confirmCleaning } from './commands.ts';
import { decideCancel, decideComplete, decideConfirm, decideRequest } from './decide.ts';
import {
  CleaningCancelled,
  CleaningCancelRefused,
  CleaningCompleted,
  CleaningConfirmed,
  type CleaningEvent,
  CleaningRequested,
} from './events.ts';

const [cleaningId, newId] = ['01936d5e-0000-7000-8000-0000000000f1', '01936d5e-0000-7000-8000-0000000000f2'];
const [accountId, reservationId] = ['01900000-0000-7000-8000-000000000001', '01936d5e-0000-7000-8000-0000000000e1'];
const now = new Date('2026-11-20T06:00:00Z');
const of = { cleaningId, accountId, reservationId, at: now.toISOString() };
const job = { title: '원룸 청소', place: '월드컵북로 1', cleaningAt: '2026-11-25T01:00:00.000Z' };

const requested = CleaningRequested({ ...of, ...job });
const confirmed = CleaningConfirmed(of);
const done = CleaningCompleted(of);
const cancelled = CleaningCancelled({ ...of, started: true });
const neverRequested = CleaningCancelled({ ...of, started: false });
const refused = CleaningCancelRefused({ ...of, reason: 'ALREADY_DONE' });

const having = (...events: CleaningEvent[]) => given(cleaning, events);
const manager = { now, actor: user('m', 'CUSTOMER', 'MANAGER') };
const request = { accountId, reservationId, ...job, newId };
const cancel = { accountId, reservationId, newId };

describe('requesting', () => {
  it('follows a reservation, once', () => {
    having()
      .when(decideRequest, request, { now })
      .then(CleaningRequested({ ...of, ...job, cleaningId: newId }));
    expect(having(requested).state).toMatchObject({ status: 'REQUESTED', job: { ...job, cleaningAt: new Date(job.cleaningAt) } });
    for (const events of [[requested], [requested, confirmed], [requested, confirmed, done], [requested, cancelled]])
      having(...events)
        .when(decideRequest, request, { now })
        .thenNothing();
  });

  it('never happens when it was cancelled before', () => {
    having(neverRequested).when(decideRequest, request, { now }).thenNothing();
  });
});

describe('cancelling', () => {
  it('calls off what is not done', () => {
    having(requested).when(decideCancel, cancel, { now }).then(cancelled);
    having(requested, confirmed).when(decideCancel, cancel, { now }).then(cancelled);
    expect(having(requested, confirmed, cancelled).state).toMatchObject({ status: 'CANCELLED', confirmedAt: now, cancelledAt: now });
  });

  it('is remembered when there is nothing to call off yet', () => {
    having()
      .when(decideCancel, cancel, { now })
      .then(CleaningCancelled({ ...of, cleaningId: newId, started: false }));
    expect(having(neverRequested).state).toMatchObject({ status: 'CANCELLED', job: null, confirmedAt: null });
  });

  it('happens once', () => {
    having(requested, cancelled).when(decideCancel, cancel, { now }).thenNothing();
    having(neverRequested).when(decideCancel, cancel, { now }).thenNothing();
  });

  it('is refused for what is done, which stays so', () => {
    having(requested, confirmed, done).when(decideCancel, cancel, { now }).then(refused);
    expect(having(requested, confirmed, done, refused).state).toEqual(having(requested, confirmed, done).state);
  });
});

describe('confirming', () => {
  const input = confirmCleaning.parse({ cleaningId });

  it('is a manager’s, and doing it again changes nothing', () => {
    having(requested).when(decideConfirm, input, manager).then(confirmed);
    having(requested, confirmed).when(decideConfirm, input, manager).thenNothing();
    having(requested, confirmed, done).when(decideConfirm, input, manager).thenNothing();
  });

  it('is refused for a cancelled one, and for one that is not there', () => {
    having(requested, cancelled).when(decideConfirm, input, manager).thenRefused('CLEANING_CANCELLED');
    having(neverRequested).when(decideConfirm, input, manager).thenRefused('CLEANING_CANCELLED');
    having().when(decideConfirm, input, manager).thenRefused('NOT_FOUND');
  });
});

describe('completing', () => {
  const input = completeCleaning.parse({ cleaningId });

  it('is told by a manager, and telling it again changes nothing', () => {
    having(requested, confirmed).when(decideComplete, input, manager).then(done);
    having(requested, confirmed, done).when(decideComplete, input, manager).thenNothing();
    expect(having(requested, confirmed, done).state).toMatchObject({ status: 'DONE', confirmedAt: now, doneAt: now });
  });

  it('is refused for what is not confirmed, is cancelled, or is not there', () => {
    having(requested).when(decideComplete, input, manager).thenRefused('NOT_CONFIRMED');
    having(requested, confirmed, cancelled).when(decideComplete, input, manager).thenRefused('CLEANING_CANCELLED');
    having().when(decideComplete, input, manager).thenRefused('NOT_FOUND');
  });
});

describe.each([
  ['confirming', decideConfirm, [requested]],
  ['completing', decideComplete, [requested, confirmed]],
] as const)('%s', (_, decide, events) => {
  it.each([
    ['UNAUTHENTICATED', anonymous],
    ['UNAUTHENTICATED', service('reservations')],
    ['FORBIDDEN', user(accountId, 'CUSTOMER')],
    ['FORBIDDEN', user('a', 'CUSTOMER', 'TRAINER', 'ADMIN')],
  ])('is refused with %s for others', (code, actor) => {
    having(...events)
      .when(decide, { cleaningId }, { now, actor })
      .thenRefused(code);
  });

  it('takes an id', () => {
    expect(() => confirmCleaning.parse({ cleaningId: 'x' })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', details: { field: 'cleaningId' } }),
    );
  });
});
