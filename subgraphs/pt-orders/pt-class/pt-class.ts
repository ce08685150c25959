import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';

/** What can be ordered (PT 강좌). Its name is what tells it apart. */
export interface PtClass {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** How long a lesson takes. */
  readonly durationMinutes: number;
  /** Korean won; paid at the studio. */
  readonly price: number;
}

export type PtClassEvent = Fact<'PtClassRegistered', PtClass>;

/** It can be ordered (강좌 등록), new or with other particulars. */
export const ptClassRegistered = defineFact<PtClassEvent>('PtClassRegistered');

export const ptClass: Aggregate<PtClass, PtClassEvent> = { name: 'PT class', evolve: (_, { data }) => data };
