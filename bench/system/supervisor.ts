import { collectGarbage } from '../../kernel/observability/collect-garbage.ts';
import { createMadang } from '../../tools/start/madang.ts';
import type { StartOptions } from '../../tools/start/settings.ts';
import { argumentOfThisChild } from './child.ts';

/** What the supervisor tells the bench once everything is ready. */
export interface Started {
  readonly kind: 'started';
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** Process ids by name: `postgres`, `nats`, `contexts`, `router`. */
  readonly pids: Readonly<Record<string, number>>;
}

// The platform under a supervisor of its own, as `npm start` runs it, so that it can be weighed apart from the bench.
const madang = createMadang(await argumentOfThisChild<StartOptions>());
const stop = async () => {
  await madang.stop();
  process.exit(0);
};
process.on('SIGTERM', stop);
process.once('disconnect', stop);
try {
  await madang.start();
  collectGarbage();
  const pids = Object.fromEntries([...madang.processes].flatMap(([name, { pid }]) => (pid === undefined ? [] : [[name, pid]])));
  process.send?.({ kind: 'started', url: madang.url.replace('localhost', '127.0.0.1'), env: madang.env, pids } satisfies Started);
} catch (error) {
  console.error(error);
  process.exit(1);
}
