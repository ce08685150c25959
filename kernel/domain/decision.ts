import type { Actor } from './actor.ts';
import type { DomainEvent } from './event.ts';

/** What a decision may know beside state and input. */
export interface Facts {
  readonly now: Date;
  readonly actor: Actor;
}

/** How one aggregate's state follows from its events; `null` is "not there yet". */
export interface Aggregate<State, Event extends DomainEvent> {
  readonly name: string;
  evolve(state: State | null, event: Event): State;
}

/** The state after the events. */
export function fold<State, Event extends DomainEvent>(
  aggregate: Aggregate<State, Event>,
  state: State | null,
  events: readonly Event[],
): State | null {
  return events.reduce<State | null>((current, event) => aggregate.evolve(current, event), state);
}

/** A pure decision: the events that follow, none when there is nothing to do; a `Refused` is thrown. */
export type Decide<State, Input, Event extends DomainEvent> = (state: State | null, input: Input, facts: Facts) => Event[];
