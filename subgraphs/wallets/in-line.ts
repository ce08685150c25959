/** Does one thing; `alone` tells that nobody was before it. */
type Work<T> = (alone: boolean) => Promise<T>;

/**
 * Work on the same thing is done one after the other, in the order it was asked for; on different things side by side.
 * Within this process only: what others write meanwhile is for the row's version to find out.
 */
export function inLine(): <T>(what: string, work: Work<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (what, work) => {
    const before = last.get(what);
    const turn = (before ?? Promise.resolve()).then(() => work(before === undefined));
    const done = turn
      .catch(() => {})
      .then(() => {
        if (last.get(what) === done) last.delete(what);
      });
    last.set(what, done);
    return turn;
  };
}

export type InLine = ReturnType<typeof inLine>;
