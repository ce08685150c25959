import { instant, Refused, reference } from '@madang/kernel/domain';
import type { Edge } from '@madang/kernel/resilience';
import { z } from 'zod';
import { CancelScheduleDocument } from '../generated/pt-trainers.ts';
import type { Schedules } from '../ports.ts';

/** What a refusal tells of the lesson that has been held. */
const held = z.object({ scheduleId: reference, trainerId: reference, lessonAt: instant });

/** Schedules, by calling the trainers' context. */
export const schedulesAt = (edge: Edge): Schedules => ({
  async cancel({ accountId, orderId }, cause) {
    try {
      await edge.call(CancelScheduleDocument, { input: { accountId, orderId, idempotencyKey: orderId } }, cause);
      return { kind: 'CANCELLED' };
    } catch (error) {
      if (error instanceof Refused && error.code === 'LESSON_RESULT_POSTED') return { kind: 'HELD', ...held.parse(error.details) };
      throw error;
    }
  },
});
