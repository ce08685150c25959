import { whenParentIsGone } from './parent.ts';

/** Two signals this close together are one: the terminal sends Ctrl-C to all, and npm hands it on once more. */
const SAME_KEYSTROKE = 700;

/**
 * Ends this process in good order at a signal, or when the npm that started it is gone; a second signal forces it. Answers whether that
 * has begun.
 */
export function stopOnSignals(stop: (how: { force: boolean }) => Promise<void>): () => boolean {
  let begun: number | undefined;
  const first = async () => {
    begun = Date.now();
    console.log('\nstopping: router, contexts, nats-server, PostgreSQL …');
    await stop({ force: false });
    console.log('stopped.');
    process.exit(process.exitCode ?? 0);
  };
  const onSignal = () => {
    if (begun === undefined) return void first();
    if (Date.now() - begun < SAME_KEYSTROKE) return;
    console.log('stopping at once …');
    void stop({ force: true });
  };
  // Not a second wish to stop: npm goes away after handing on its signal, and nobody reads what we print then.
  const once = () => void (begun ?? first());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  whenParentIsGone(once);
  process.stdout.on('error', once);
  process.stderr.on('error', once);
  return () => begun !== undefined;
}
