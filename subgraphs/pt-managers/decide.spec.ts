import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { assignTrainer } from './commands.ts';
import { decideAccept, decideAcceptCancellation, decideAssign, decideConfirm, decideSettleCancellation } from './decide.ts';
import {
  PtAssignmentCancelAccepted,
  PtAssignmentCancelled,
  PtAssignmentCancelRefused,
  PtAssignmentConfirmed,
  PtOrderAccepted,
  TrainerAssigned,
  type TrainerAssignmentEvent,
} from './events.ts';
import { trainerAssignment } from './trainer-assignment.ts';

const [assignmentId, newId] = ['01936d5e-0000-7000-8000-000000000311', '01936d5e-0000-7000-8000-000000000312'];
const [accountId, orderId] = ['01900000-0000-7000-8000-000000000001', '01936d5e-0000-7000-8000-000000000301'];
const [trainerId, scheduleId] = ['01900000-0000-7000-8000-000000000003', '01936d5e-0000-7000-8000-000000000321'];
const now = new Date('2026-11-20T06:00:00Z');
const lessonAt = '2026-11-25T01:00:00.000Z';
const of = { assignmentId, accountId, orderId, at: now.toISOString() };
const pt = { classId: 'posture', className: '자세 교정 PT', durationMinutes: 50 };
const lesson = { trainerId, scheduleId, lessonAt };

const accepted = PtOrderAccepted({ ...of, ...pt });
const assigned = TrainerAssigned({ ...of, ...pt, trainerId });
const confirmed = PtAssignmentConfirmed({ ...of, ...lesson });
const cancelling = PtAssignmentCancelAccepted(of);
const cancelled = PtAssignmentCancelled({ ...of, started: true });
const neverAccepted = PtAssignmentCancelled({ ...of, started: false });
const refused = PtAssignmentCancelRefused({ ...of, reason: 'LESSON_RESULT_POSTED' });

const having = (...events: TrainerAssignmentEvent[]) => given(trainerAssignment, events);
const manager = { now, actor: user('m', 'CUSTOMER', 'MANAGER') };
const past: TrainerAssignmentEvent[][] = [
  [accepted],
  [accepted, assigned],
  [accepted, assigned, confirmed],
  [accepted, assigned, cancelling],
  [accepted, assigned, cancelling, cancelled],
  [cancelling],
  [cancelling, neverAccepted],
];

describe('taking an order in', () => {
  const order = { accountId, orderId, ...pt, newId };

  it('happens once', () => {
    having()
      .when(decideAccept, order, { now })
      .then(PtOrderAccepted({ ...of, ...pt, assignmentId: newId }));
    expect(having(accepted).state).toMatchObject({ status: 'ORDER_ACCEPTED', job: { ...pt, acceptedAt: now }, assigned: null });
  });

  it('never happens when there is one, or when its cancellation came before', () => {
    for (const events of past)
      having(...events)
        .when(decideAccept, order, { now })
        .thenNothing();
  });
});

describe('assigning', () => {
  const input = { ...assignTrainer.parse({ orderId, trainerId }), isTrainer: true };

  it('is a manager’s, and doing it again changes nothing', () => {
    having(accepted).when(decideAssign, input, manager).then(assigned);
    having(accepted, assigned).when(decideAssign, input, manager).thenNothing();
    having(accepted, assigned, confirmed).when(decideAssign, input, manager).thenNothing();
    expect(having(accepted, assigned).state).toMatchObject({ status: 'TRAINER_ASSIGNED', assigned: { trainerId, assignedAt: now } });
  });

  it('is refused for another trainer, for nobody’s order, for one who is none, and for what is cancelled', () => {
    const other = { ...input, trainerId: 'somebody-else' };
    for (const events of [
      [accepted, assigned],
      [accepted, assigned, confirmed],
    ])
      having(...events)
        .when(decideAssign, other, manager)
        .thenRefused('ALREADY_ASSIGNED', { field: 'trainerId' });
    having().when(decideAssign, input, manager).thenRefused('NOT_FOUND');
    having(accepted)
      .when(decideAssign, { ...input, isTrainer: false }, manager)
      .thenRefused('NOT_A_TRAINER', { field: 'trainerId' });
    for (const events of past.filter((one) => one.includes(cancelling)))
      having(...events)
        .when(decideAssign, input, manager)
        .thenRefused('ORDER_CANCELLED');
  });

  it.each([
    ['UNAUTHENTICATED', anonymous],
    ['UNAUTHENTICATED', service('pt-orders')],
    ['FORBIDDEN', user(accountId, 'CUSTOMER')],
    ['FORBIDDEN', user('a', 'CUSTOMER', 'TRAINER', 'ADMIN')],
  ])('is refused with %s for others', (code, actor) => {
    having(accepted).when(decideAssign, input, { now, actor }).thenRefused(code);
  });

  it('takes ids', () => {
    for (const field of ['orderId', 'trainerId'])
      for (const wrong of ['a.b', 'x'])
        expect(() => assignTrainer.parse({ orderId, trainerId, [field]: wrong })).toThrow(
          expect.objectContaining({ code: 'BAD_INPUT', details: { field } }),
        );
  });
});

describe('confirming', () => {
  it('follows the trainer, once', () => {
    having(accepted, assigned)
      .when(decideConfirm, { orderId, ...lesson }, { now })
      .then(confirmed);
    expect(having(accepted, assigned, confirmed).state).toMatchObject({
      status: 'ORDER_CONFIRMED',
      lesson: { scheduleId, at: new Date(lessonAt), confirmedAt: now },
    });
  });

  it('changes nothing when it comes late, again, or unexpected', () => {
    for (const events of [[], ...past.filter((one) => one.at(-1) !== assigned)])
      having(...events)
        .when(decideConfirm, { orderId, ...lesson }, { now })
        .thenNothing();
  });
});

describe('cancelling', () => {
  const request = { accountId, orderId, newId };
  const gone = { kind: 'CANCELLED' } as const;
  const held = { kind: 'HELD', ...lesson } as const;

  it('is accepted whatever there is, once', () => {
    for (const events of past.filter((one) => !one.includes(cancelling)))
      having(...events)
        .when(decideAcceptCancellation, request, { now })
        .then(cancelling);
    for (const events of past.filter((one) => one.includes(cancelling)))
      having(...events)
        .when(decideAcceptCancellation, request, { now })
        .thenNothing();
    expect(having(accepted, assigned, confirmed, cancelling).state).toMatchObject({
      status: 'ORDER_CANCEL_ACCEPTED',
      lesson: { scheduleId },
      cancelAcceptedAt: now,
    });
  });

  it('is remembered when there is nothing to cancel yet', () => {
    having()
      .when(decideAcceptCancellation, request, { now })
      .then(PtAssignmentCancelAccepted({ ...of, assignmentId: newId }));
    having(cancelling).when(decideSettleCancellation, gone, { now }).then(neverAccepted);
    expect(having(cancelling, neverAccepted).state).toMatchObject({ status: 'CANCELLED', job: null, assigned: null });
  });

  it('is a fact when the schedule is cancelled', () => {
    having(accepted, assigned, cancelling).when(decideSettleCancellation, gone, { now }).then(cancelled);
    expect(having(accepted, assigned, cancelling, cancelled).state).toMatchObject({
      status: 'CANCELLED',
      assigned: { trainerId },
      cancelAcceptedAt: now,
      cancelledAt: now,
    });
  });

  it('is refused when the lesson has been held: all is as it was', () => {
    having(accepted, assigned, confirmed, cancelling).when(decideSettleCancellation, held, { now }).then(refused);
    expect(having(accepted, assigned, confirmed, cancelling, refused).state).toEqual(having(accepted, assigned, confirmed).state);
  });

  it('is refused for a lesson that was not heard of yet: that is told first', () => {
    having(accepted, assigned, cancelling).when(decideSettleCancellation, held, { now }).then(confirmed, refused);
    expect(having(accepted, assigned, cancelling, confirmed, refused).state).toEqual(having(accepted, assigned, confirmed).state);
  });

  it('is settled once', () => {
    for (const events of [[], ...past.filter((one) => one.at(-1) !== cancelling), [accepted, assigned, confirmed, cancelling, refused]])
      for (const answer of [gone, held])
        having(...events)
          .when(decideSettleCancellation, answer, { now })
          .thenNothing();
  });
});
