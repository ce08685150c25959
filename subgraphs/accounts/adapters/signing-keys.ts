/** When a key has its turn. */
export interface KeyTurn {
  readonly generation: number;
  readonly signsFrom: Date;
}

/** The key that signs now: the latest whose turn has come. `keys` are in the order of their generations. */
export const signingKey = <Key extends KeyTurn>(keys: readonly Key[], now: Date): Key | undefined =>
  keys.findLast(({ signsFrom }) => signsFrom <= now);

/**
 * The keys to verify with: those to come, the one that signs, and those before it whose tokens may still be good.
 * @param graceMs how long after a key's last use a token of it may come along
 */
export const publishedKeys = <Key extends KeyTurn>(keys: readonly Key[], now: Date, graceMs: number): Key[] =>
  keys.filter((_, at) => {
    const next = keys[at + 1];
    return next === undefined || next.signsFrom.getTime() + graceMs > now.getTime();
  });

/** Whether it is time to make the next key. */
export const isRotationDue = (keys: readonly KeyTurn[], now: Date, turnMs: number): boolean => {
  const latest = keys.at(-1);
  return latest === undefined || latest.signsFrom.getTime() + turnMs <= now.getTime();
};
