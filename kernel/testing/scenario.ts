import { expect } from 'vitest';
import { type Actor, type Aggregate, anonymous, type Decide, type DomainEvent, fold, Refused } from '../domain/index.ts';

/** What a decision is told beside state and input, with defaults for tests. */
export interface TestFacts {
  readonly actor?: Actor;
  readonly now?: Date;
}

interface Then<Event> {
  /** Exactly these events, in this order. */
  then(...events: Event[]): void;
  thenNothing(): void;
  /** A refusal with that code, and with these details when given. */
  thenRefused(code: string, details?: Record<string, unknown>): void;
}

/** `given(delivery, [deliveryStarted]).when(decideComplete, input, { actor }).then(deliveryCompleted)` */
export function given<State, Event extends DomainEvent>(aggregate: Aggregate<State, Event>, past: readonly Event[]) {
  const state = fold(aggregate, null, past);
  return {
    state,
    when<Input>(
      decide: Decide<State, Input, Event>,
      input: Input,
      { actor = anonymous, now = new Date('2026-11-20T00:00:00Z') }: TestFacts = {},
    ): Then<Event> {
      const run = () => decide(state, input, { actor, now });
      return {
        // biome-ignore lint/suspicious/noThenProperty: given/when/then is the language of these tests, and nobody awaits this
        then: (...events) => expect(run()).toEqual(events),
        thenNothing: () => expect(run()).toEqual([]),
        thenRefused(code, details = {}) {
          let refusal: unknown;
          try {
            refusal = { events: run() };
          } catch (error) {
            refusal = error;
          }
          expect(refusal).toBeInstanceOf(Refused);
          expect(refusal).toMatchObject({ code, details });
        },
      };
    },
  };
}
