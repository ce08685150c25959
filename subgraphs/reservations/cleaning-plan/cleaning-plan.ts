import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';

/** What can be reserved (청소 상품). Its name is what tells it apart. */
export interface CleaningPlan {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** How long it takes. */
  readonly minutes: number;
  /** Korean won. */
  readonly price: number;
}

export type CleaningPlanEvent = Fact<'CleaningPlanRegistered', CleaningPlan>;

/** It can be reserved (상품 등록), new or with other particulars. */
export const cleaningPlanRegistered = defineFact<CleaningPlanEvent>('CleaningPlanRegistered');

export const cleaningPlan: Aggregate<CleaningPlan, CleaningPlanEvent> = { name: 'cleaning plan', evolve: (_, { data }) => data };
