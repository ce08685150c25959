export interface Patience {
  /** Longest wait, ms. @default 10000 */
  readonly withinMs?: number;
  /** Between two looks, ms. @default 20 */
  readonly everyMs?: number;
}

/**
 * Waits until the check holds: until it neither throws nor returns false.
 * @returns what the check returned
 * @throws the last failure when it does not hold in time
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { withinMs = 10_000, everyMs = 20 }: Patience = {},
): Promise<Exclude<T, false>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      const value = await check();
      if (value !== false) return value as Exclude<T, false>;
      if (Date.now() > deadline) throw new Error('the condition did not come true in time');
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((next) => setTimeout(next, everyMs));
  }
}
