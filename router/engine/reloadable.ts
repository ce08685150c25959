import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import type { Engine } from './engine.ts';
import type { Prepared } from './prepare.ts';

/** An engine whose supergraph can be replaced while it works. */
export interface ReloadableEngine extends Engine {
  /** From now on operations are prepared by `next`. What was prepared before is carried out as it was. */
  replace(next: Engine): void;
}

/** @param graceMs how long an engine that was replaced is kept for what it has begun */
export function reloadable(first: Engine, graceMs: number): ReloadableEngine {
  let current = first;
  const makers = new WeakMap<Prepared, Engine>();
  const retired = new Map<Engine, NodeJS.Timeout>();
  const listeners = new Set<Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0]>();
  const executors = new WeakMap<Engine, Promise<GatewayExecutor | null>>();
  const makerOf = (operation: Prepared): Engine => makers.get(operation) ?? current;

  const executorOf = (engine: Engine): Promise<GatewayExecutor | null> => {
    const known = executors.get(engine);
    if (known) return known;
    const made = engine.gateway.load({ apollo: {} }).then(({ executor }) => executor);
    executors.set(engine, made);
    return made;
  };

  return {
    get schema() {
      return current.schema;
    },
    get safelist() {
      return current.safelist;
    },
    gateway: {
      load: async () => ({
        executor: async (context) => {
          const executor = await executorOf(current);
          if (!executor) throw new Error('the engine has no executor');
          return executor(context);
        },
      }),
      onSchemaLoadOrUpdate(tell) {
        listeners.add(tell);
        current.gateway.onSchemaLoadOrUpdate(tell);
        return () => listeners.delete(tell);
      },
      async stop() {},
    },
    prepare(query, operationName, own) {
      const made = current.prepare(query, operationName, own);
      if ('plan' in made) makers.set(made, current);
      return made;
    },
    execute: (operation, variables, context) => makerOf(operation).execute(operation, variables, context),
    estimate: (operation, variables) => makerOf(operation).estimate(operation, variables),
    variableProblems: (operation, variables) => makerOf(operation).variableProblems(operation, variables),
    sourceVariables: (operation, variables) => makerOf(operation).sourceVariables(operation, variables),
    complete: (operation, event, variables, context) => makerOf(operation).complete(operation, event, variables, context),
    replace(next) {
      const last = current;
      current = next;
      for (const tell of listeners) next.gateway.onSchemaLoadOrUpdate(tell);
      const retire = setTimeout(() => {
        retired.delete(last);
        void last.close();
      }, graceMs);
      retired.set(last, retire);
    },
    async close() {
      const engines = [current, ...retired.keys()];
      for (const timer of retired.values()) clearTimeout(timer);
      retired.clear();
      await Promise.all(engines.map((engine) => engine.close()));
    },
  };
}
