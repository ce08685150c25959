import { type Logger, pino } from 'pino';
import { type Clock, type ContextDefinition, type Running, startContext } from '../context/index.ts';
import { type Actor, anonymous } from '../domain/index.ts';
import { type Answer, post, type Watched, watch } from './asking.ts';
import { contextStage } from './context-stage.ts';

export type { Answer, Refusal, Watched } from './asking.ts';
export { ContextProcess } from './context-process.ts';
export { type ContextStage, contextStage } from './context-stage.ts';

export interface RunningContextOptions {
  /** Further variables: addresses of callees, the context's own settings. */
  readonly env?: Readonly<Record<string, string>>;
  /** @default 1 */
  readonly replicas?: number;
  readonly clock?: Clock;
  readonly log?: Logger;
}

/** A context as it runs, on a stage of its own; the test plays router and other contexts. */
export async function runningContext(
  definition: ContextDefinition,
  { env, replicas = 1, clock, log = pino({ level: process.env.TEST_LOG ?? 'silent' }) }: RunningContextOptions = {},
) {
  const stage = await contextStage(definition.name, env);
  const running: Running[] = [];
  const replica = async (other: Readonly<Record<string, string>> = {}): Promise<string> => {
    const one = await startContext(definition, { ...stage.env, ...other }, { log, ...(clock ? { clock } : {}) });
    running.push(one);
    return one.url;
  };
  for (let count = 0; count < replicas; count++) await replica();
  let turn = 0;
  const url = () => running[turn++ % running.length]?.url ?? '';

  return {
    ...stage,
    /** Starts another replica on the same database. Answers where it is reached. */
    replica,
    url,
    /** Asks the replicas in turn. The data are the first field's. */
    ask: <T>(query: string, variables?: object, actor?: Actor, to = url()): Promise<Answer<T>> =>
      stage.askAt<T>(to, query, variables, actor),
    /** Asks the replicas in turn. The data are those of all fields. */
    askWhole: async (query: string, variables: object = {}, actor: Actor = anonymous, to = url()) =>
      post(to, await stage.tokenOf(actor), query, variables),
    watch: async <Change>(query: string, actor: Actor, variables: Record<string, unknown> = {}): Promise<Watched<Change>> =>
      watch(url(), await stage.tokenOf(actor), query, variables),

    /** Stops the replicas; what they ran on stays. */
    async rest(): Promise<void> {
      await Promise.all(running.splice(0).map((one) => one.close()));
    },

    async close(): Promise<void> {
      await Promise.all(running.map((one) => one.close()));
      await stage.close();
    },
  };
}

export type RunningContext = Awaited<ReturnType<typeof runningContext>>;
