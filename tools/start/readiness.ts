import type { Unit } from './unit.ts';

/** Lets callers wait for states instead of polling them. */
export type Readiness = {
  /** To be called after every change of a unit's state. */
  changed(): void;
  /** Resolves when all of them are ready; rejects after `timeout` milliseconds, naming those that are not. */
  of(units: Unit[], timeout: number): Promise<void>;
};

export function readiness(): Readiness {
  const waiting = new Set<() => void>();
  return {
    changed() {
      for (const look of waiting) look();
    },
    async of(units, timeout) {
      const missing = () => units.filter((unit) => unit.state !== 'ready');
      if (missing().length === 0) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const look = () => missing().length === 0 && resolve();
      const give = () =>
        reject(
          new Error(
            `not ready: ${missing()
              .map(({ name, state }) => `${name} (${state})`)
              .join(', ')}`,
          ),
        );
      const timer = setTimeout(give, timeout);
      waiting.add(look);
      await promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(look);
      });
    },
  };
}
