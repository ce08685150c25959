import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';
import type { PtOrderEvent } from '../events.ts';

/** When the lesson is, as its trainer has confirmed it. */
export interface Lesson {
  readonly scheduleId: string;
  readonly lessonAt: Date;
}

/** What was ordered never changes; what is known of its lesson stays, whatever becomes of the order. */
interface Order {
  readonly id: string;
  readonly accountId: string;
  readonly classId: string;
  /** The class's name when it was ordered. */
  readonly className: string;
  readonly durationMinutes: number;
  /** Korean won, as when it was ordered. */
  readonly price: number;
  readonly orderedAt: Date;
  readonly acknowledgedAt: Date | null;
  readonly confirmedAt: Date | null;
  /** Who is on it, assigned or confirmed. */
  readonly trainerId: string | null;
  readonly lesson: Lesson | null;
  /** When it came to its status. */
  readonly updatedAt: Date;
}

/** An order of a PT class (PT 수강신청). */
export type PtOrder = Order &
  (
    | { readonly status: 'ORDERED' | 'ACCEPTED' | 'CONFIRMED' | 'CANCELLING' }
    | { readonly status: 'COMPLETED'; readonly completedAt: Date; readonly cancellationRejectedReason: string | null }
    | { readonly status: 'CANCELLED'; readonly cancelledAt: Date }
  );

export type PtOrderStatus = PtOrder['status'];

type TrainerNamed = Fact<'TrainerNamed', { readonly trainerId: string }>;
type LessonArranged = Fact<'LessonArranged', { readonly trainerId: string; readonly scheduleId: string; readonly lessonAt: string }>;

/** A trainer is on it, who may see it from now on. */
export const trainerNamed = defineFact<TrainerNamed>('TrainerNamed');
/** It became known when its lesson is, too late for a confirmation. */
export const lessonArranged = defineFact<LessonArranged>('LessonArranged');

/** All that happens to an order; the facts stay inside. */
export type PtOrderChange = PtOrderEvent | TrainerNamed | LessonArranged;

const lessonOf = ({ trainerId, scheduleId, lessonAt }: LessonArranged['data']) => ({
  trainerId,
  lesson: { scheduleId, lessonAt: new Date(lessonAt) },
});

function orderOf(state: PtOrder): Omit<Order, 'updatedAt'> {
  const { id, accountId, classId, className, durationMinutes, price, orderedAt, acknowledgedAt, confirmedAt, trainerId, lesson } = state;
  return { id, accountId, classId, className, durationMinutes, price, orderedAt, acknowledgedAt, confirmedAt, trainerId, lesson };
}

export const ptOrder: Aggregate<PtOrder, PtOrderChange> = {
  name: 'PT order',
  evolve(state, event) {
    if (event.name === 'PtOrdered') {
      const { orderId: id, at, ...order } = event.data;
      const orderedAt = new Date(at);
      const open = { acknowledgedAt: null, confirmedAt: null, trainerId: null, lesson: null };
      return { id, ...order, ...open, status: 'ORDERED', orderedAt, updatedAt: orderedAt };
    }
    if (state === null) throw new TypeError(`${event.name} before PtOrdered`);
    if (event.name === 'TrainerNamed') return { ...state, trainerId: event.data.trainerId };
    if (event.name === 'LessonArranged') return { ...state, ...lessonOf(event.data) };
    const updatedAt = new Date(event.data.at);
    const order = { ...orderOf(state), updatedAt };
    switch (event.name) {
      case 'PtOrderAcknowledged':
        return { ...order, status: 'ACCEPTED', acknowledgedAt: updatedAt };
      case 'PtOrderConfirmed':
        return { ...order, status: 'CONFIRMED', ...lessonOf(event.data), confirmedAt: updatedAt };
      case 'PtOrderCompleted':
        return { ...order, status: 'COMPLETED', completedAt: updatedAt, cancellationRejectedReason: null };
      case 'PtCancellationRequested':
        return { ...order, status: 'CANCELLING' };
      case 'PtCancellationRejected': {
        const completedAt = state.status === 'COMPLETED' ? state.completedAt : updatedAt;
        return { ...order, status: event.data.status, completedAt, cancellationRejectedReason: event.data.reason };
      }
      case 'PtOrderCancelled':
        return { ...order, status: 'CANCELLED', cancelledAt: updatedAt };
    }
  },
};
