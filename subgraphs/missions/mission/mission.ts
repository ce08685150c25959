import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';

/** A mission (미션): something to do, and what it is worth. */
export interface Mission {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly points: number;
  /** Whether it can be achieved now. */
  readonly active: boolean;
}

export type MissionEvent = Fact<'MissionCreated', Mission>;

/** It can be achieved (미션 등록). */
export const missionCreated = defineFact<MissionEvent>('MissionCreated');

export const mission: Aggregate<Mission, MissionEvent> = { name: 'mission', evolve: (_, { data }) => data };
