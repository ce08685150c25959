import { type Env, type Running, runContext, startContext } from '@madang/kernel/context';
import { ptTrainers } from './subgraph.ts';

/** Starts the context in this process. */
export const start = (env: Env): Promise<Running> => startContext(ptTrainers, env);

if (import.meta.main) await runContext(ptTrainers);
