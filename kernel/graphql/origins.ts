/** The event that a subscription's payload was made of, as far as a trace needs it. */
export interface Origin {
  readonly name: string;
  readonly time: Date;
  readonly traceparent?: string | undefined;
}

/** Remembers which event a payload was made of; the resolvers between know nothing of it. */
export class Origins {
  readonly #known = new WeakMap<object, Origin>();

  note(payload: object, { name, time, traceparent }: Origin): void {
    this.#known.set(payload, { name, time, traceparent });
  }

  of(payload: unknown): Origin | undefined {
    return typeof payload === 'object' && payload !== null ? this.#known.get(payload) : undefined;
  }
}
