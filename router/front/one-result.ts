/** A result as something that can be left before it is there, as a client leaves a subscription. */
export function oneResult<T>(result: Promise<T>, left: () => void): AsyncIterableIterator<T, undefined> {
  const end = { done: true, value: undefined } as const;
  let over = false;
  let told = false;
  return {
    async next() {
      if (told) return end;
      told = true;
      const value = await result;
      return over ? end : { done: false, value };
    },
    async return() {
      over = true;
      left();
      return end;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
