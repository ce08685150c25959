/** Has whoever asks for what is being done already wait for that: a caller that gave up after a while and asks again gets the outcome of its first call. */
export function joining<T>(): (what: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return (what, work) => {
    const now = running.get(what);
    if (now) return now;
    const started = work().finally(() => running.delete(what));
    running.set(what, started);
    return started;
  };
}
