import { type Env, type Running, runContext, startContext } from '@madang/kernel/context';
import { wallets } from './subgraph.ts';

/** Starts the context in this process. */
export const start = (env: Env): Promise<Running> => startContext(wallets, env);

if (import.meta.main) await runContext(wallets);
