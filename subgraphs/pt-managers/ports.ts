import type { Cause } from '@madang/kernel/context';
import type { ScheduleAnswer } from './decide.ts';

/** What was confirmed with the trainers. */
export interface Schedules {
  /** Calls off the lesson of an order for good, requested or not. Throws as long as that is not decided. */
  cancel(order: { readonly accountId: string; readonly orderId: string }, cause: Cause): Promise<ScheduleAnswer>;
}
