import { type Env, runContext, startContext } from '@madang/kernel/context';
import { myPages } from './subgraph.ts';

export const start = (env: Env) => startContext(myPages, env);

if (import.meta.main) await runContext(myPages);
