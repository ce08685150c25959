import { internalTokens } from '@madang/kernel/identity';
import { createLogger, openTracer } from '@madang/kernel/observability';
import { routerBroker } from './broker.ts';
import { type Env, readSupergraph, routerConfig } from './config.ts';
import { readManifest } from './manifest.ts';
import { operationNames } from './operation-names.ts';
import { startRouter } from './router.ts';

/** Starts the router as the environment says; see `config.ts` for the variables. */
export async function start(env: Env): Promise<{ name: 'router'; url: string; reload(): Promise<void>; close(): Promise<void> }> {
  const supergraphSdl = readSupergraph();
  const { internalSecret, logLevel, nats, ...config } = routerConfig(env, supergraphSdl);
  const log = createLogger({ name: 'router', level: logLevel });
  const tracer = await openTracer('router', env, log);
  const broker = routerBroker(nats.url, nats.prefix, log);
  const tokens = internalTokens(internalSecret);
  const router = await startRouter({
    ...config,
    supergraphSdl,
    manifest: readManifest(config.documents),
    tokens,
    log,
    tracer,
    operationNames: operationNames(),
    broker: broker?.open,
  });
  return {
    name: 'router',
    url: router.url,
    async reload() {
      const supergraphSdl = readSupergraph();
      const { subgraphs } = routerConfig(env, supergraphSdl);
      await router.reload({ supergraphSdl, subgraphs, manifest: readManifest(config.documents) });
    },
    async close() {
      await router.close();
      await broker?.close();
    },
  };
}

if (import.meta.main) {
  const running = await start(process.env).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
  const end = () =>
    running.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  process.on('SIGHUP', () => {
    running.reload().catch((error: unknown) => process.stderr.write(`The schema was not reloaded: ${String(error)}\n`));
  });
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
