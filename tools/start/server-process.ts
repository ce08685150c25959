import type { Daemon } from '../servers/daemon.ts';
import type { Launched } from './unit.ts';

/** PostgreSQL or nats-server as a unit can keep it: `start` is ready when it resolves. */
export function launchServer(start: () => Promise<Daemon>): Launched {
  let daemon: Daemon | undefined;
  const started = start().then((it) => (daemon = it));
  const ready = started.then(() => {});
  ready.catch(() => {});
  return {
    pid: () => daemon?.pid,
    ready,
    exited: started.then(
      (it) => it.exited.then(() => 'ended'),
      (error: Error) => error.message,
    ),
    // Both end within a moment once nobody is connected, so there is nothing to force.
    stop: () =>
      started.then(
        (it) => it.stop(),
        () => {},
      ),
  };
}
