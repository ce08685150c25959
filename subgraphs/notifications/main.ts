import { type Env, runContext, startContext } from '@madang/kernel/context';
import { notifications } from './subgraph.ts';

export const start = (env: Env) => startContext(notifications, env);

if (import.meta.main) await runContext(notifications);
