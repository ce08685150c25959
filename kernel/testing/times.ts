/** Runs it that many times, some at a time. */
export async function times(count: number, run: (turn: number) => Promise<void>, atOnce = 10): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
