/** Where a start tells how far it is. */
export type Reporter = {
  /** Waits for the work and tells how long it took. */
  step<T>(what: string, work: Promise<T>, detail?: (result: T) => string): Promise<T>;
  note(line: string): void;
  warn(line: string): void;
};

/** Plain lines, for a terminal and for a file alike. */
export function consoleReporter(write: (line: string) => void = (line) => console.log(line)): Reporter {
  return {
    async step(what, work, detail = () => '') {
      const begun = performance.now();
      const result = await work;
      write(`  ${what.padEnd(28)} ${seconds(begun).padStart(7)}   ${detail(result)}`.trimEnd());
      return result;
    },
    note: (line) => write(`  ${line}`),
    warn: (line) => write(`! ${line}`),
  };
}

/** Says nothing. */
export const silentReporter: Reporter = { step: (_what, work) => work, note() {}, warn() {} };

/** `1.2 s` since `begun` (of `performance.now()`). */
export function seconds(begun: number): string {
  return `${((performance.now() - begun) / 1000).toFixed(1)} s`;
}
