import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Ends what is left when the supervisor itself was killed. */
export type Reaper = {
  /** Programs are ended before servers. */
  watch(programs: number[], servers: number[]): void;
  /** Nothing is left to be ended: it goes away. */
  dismiss(): Promise<void>;
};

// A shell that waits for the end of its input, which comes with the end of the supervisor, however that ends. One megabyte.
const SCRIPT = `
programs=; servers=
while IFS='|' read -r p s; do programs=$p; servers=$s; done
signal() { for pid in $2; do kill "-$1" "$pid" 2>/dev/null; done; }
lives() { for pid in $1; do kill -0 "$pid" 2>/dev/null && return 0; done; return 1; }
patience() { n=0; while lives "$1" && [ "$n" -lt "$2" ]; do sleep 0.1; n=$((n+1)); done; signal KILL "$1"; }
signal TERM "$programs"; patience "$programs" 120
signal INT "$servers"; patience "$servers" 100
`;

/** Starts the reaper; on Windows, which has no shell of that kind, it does nothing. */
export function startReaper(): Reaper {
  if (process.platform === 'win32') return { watch() {}, async dismiss() {} };
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'madang-reaper'], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const gone = once(shell, 'close');
  shell.stdin.on('error', () => {}); // it was killed: then there is no safety net, and no harm
  shell.unref();
  return {
    watch: (programs, servers) => void shell.stdin.write(`${programs.join(' ')}|${servers.join(' ')}\n`),
    async dismiss() {
      shell.ref();
      shell.stdin.end('|\n');
      await gone.catch(() => {});
    },
  };
}
