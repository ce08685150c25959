import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import type { Engine } from './engine.ts';
import type { Prepared } from './prepare.ts';

/** An engine whose supergraph can be replaced while it works. */
export interface ReloadableEngine extends Engine {
  /** From now on operations are prepared by `next`. What was prepared before is carried out as it was. */
  replace(next: Engine): void;
}

/** What an engine is doing. Apart from the engine, so that whoever waits for its end does not keep it in memory. */
interface Use {
  running: number;
  /** It has been replaced, long enough ago for what was prepared to have begun. */
  due: boolean;
  readonly close: () => Promise<void>;
}

interface Tenure {
  readonly engine: Engine;
  readonly use: Use;
}

const tenureOf = (engine: Engine): Tenure => ({ engine, use: { running: 0, due: false, close: engine.close } });

/**
 * @param graceMs how long an engine that was replaced is kept for what it has prepared; what has begun by then is finished
 * @param counted told how many engines are open, whenever that changes
 */
export function reloadable(first: Engine, graceMs: number, counted: (engines: number) => void = () => {}): ReloadableEngine {
  let current = tenureOf(first);
  const makers = new WeakMap<Prepared, Tenure>();
  const retired = new Map<Use, NodeJS.Timeout>();
  const listeners = new Set<Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0]>();
  const executors = new WeakMap<Engine, Promise<GatewayExecutor | null>>();
  const makerOf = (operation: Prepared): Tenure => makers.get(operation) ?? current;
  counted(1);

  const executorOf = (engine: Engine): Promise<GatewayExecutor | null> => {
    const known = executors.get(engine);
    if (known) return known;
    const made = engine.gateway.load({ apollo: {} }).then(({ executor }) => executor);
    executors.set(engine, made);
    return made;
  };

  function end(use: Use): void {
    retired.delete(use);
    counted(1 + retired.size);
    void use.close();
  }

  function during<T>({ engine, use }: Tenure, work: (engine: Engine) => Promise<T>): Promise<T> {
    use.running++;
    const over = (): void => {
      if (--use.running === 0 && use.due && retired.has(use)) end(use);
    };
    const working = work(engine);
    working.then(over, over);
    return working;
  }

  return {
    get schema() {
      return current.engine.schema;
    },
    get safelist() {
      return current.engine.safelist;
    },
    gateway: {
      load: async () => ({
        executor: (context) =>
          during(current, async (engine) => {
            const executor = await executorOf(engine);
            if (!executor) throw new Error('the engine has no executor');
            return executor(context);
          }),
      }),
      onSchemaLoadOrUpdate(tell) {
        listeners.add(tell);
        current.engine.gateway.onSchemaLoadOrUpdate(tell);
        return () => listeners.delete(tell);
      },
      async stop() {},
    },
    prepare(query, operationName, own) {
      const made = current.engine.prepare(query, operationName, own);
      if ('plan' in made) makers.set(made, current);
      return made;
    },
    isOutdated: (operation) => makerOf(operation) !== current,
    authorised(operation, context) {
      const maker = makerOf(operation);
      const made = maker.engine.authorised(operation, context);
      makers.set(made, maker);
      return made;
    },
    execute: (operation, variables, context) => during(makerOf(operation), (engine) => engine.execute(operation, variables, context)),
    estimate: (operation, variables) => makerOf(operation).engine.estimate(operation, variables),
    variableProblems: (operation, variables) => makerOf(operation).engine.variableProblems(operation, variables),
    sourceVariables: (operation, variables) => makerOf(operation).engine.sourceVariables(operation, variables),
    complete: (operation, event, variables, context) =>
      during(makerOf(operation), (engine) => engine.complete(operation, event, variables, context)),
    replace(next) {
      const { use } = current;
      current = tenureOf(next);
      for (const tell of listeners) next.gateway.onSchemaLoadOrUpdate(tell);
      const retire = setTimeout(() => {
        use.due = true;
        if (use.running === 0) end(use);
      }, graceMs);
      retired.set(use, retire);
      counted(1 + retired.size);
    },
    async close() {
      const uses = [current.use, ...retired.keys()];
      for (const timer of retired.values()) clearTimeout(timer);
      retired.clear();
      await Promise.all(uses.map((use) => use.close()));
    },
  };
}
