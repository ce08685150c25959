import type { Bench } from './bench.ts';
import { INSPECTABLE } from './profile/profilers.ts';
import { newPeople, type Person } from './system/people.ts';
import { type System, startSystem } from './system/system.ts';

const PEOPLE = 64;
const PEOPLE_QUICK = 50;

export interface RunOptions {
  readonly quick: boolean;
  readonly profiles: string | undefined;
  say(line: string): void;
}

export interface Run extends Bench {
  /** Ends all that the run has started, the last one first. Idempotent; what is under way fails then. */
  end(): Promise<void>;
}

/** What a run's measures share: made when it is first asked for, ended at the end. */
export function newRun({ quick, profiles, say }: RunOptions): Run {
  const abort = new AbortController();
  const undos: (() => unknown)[] = [];
  let system: Promise<System> | undefined;
  let people: Promise<readonly Person[]> | undefined;
  let ending: Promise<void> | undefined;

  async function endAll(): Promise<void> {
    abort.abort(new Error('the run was ended'));
    for (let undo = undos.pop(); undo; undo = undos.pop()) await Promise.resolve(undo()).catch(() => {});
  }

  const run: Run = {
    quick,
    profiles,
    say,
    signal: abort.signal,
    loads: [],
    atEnd(undo) {
      undos.push(undo);
    },
    system() {
      abort.signal.throwIfAborted();
      if (!system) {
        say('the platform starts, twice: the first time makes the databases');
        system = startSystem(profiles === undefined ? {} : INSPECTABLE, run.atEnd);
      }
      return system;
    },
    people() {
      people ??= run.system().then((started) => {
        say('accounts are made, register a card and apply');
        return newPeople(started, quick ? PEOPLE_QUICK : PEOPLE);
      });
      return people;
    },
    async stopSystem() {
      const running = await system?.catch(() => undefined);
      system = undefined;
      people = undefined;
      await running?.stop();
    },
    end: () => (ending ??= endAll()),
  };
  return run;
}
