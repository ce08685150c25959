import { internalTokens } from '@madang/kernel/identity';
import { collectGarbage, createLogger, openTracer } from '@madang/kernel/observability';
import { routerBroker } from './broker.ts';
import { addressesOf, type Env, routerConfig, sourceConfig } from './config.ts';
import { readManifest } from './manifest.ts';
import { operationNames } from './operation-names.ts';
import { startRouter } from './router.ts';
import { announce } from './supergraph/announce.ts';
import { type Found, versionOf } from './supergraph/edition.ts';
import { fileSource } from './supergraph/file-source.ts';
import { candidates, fileOf, firstGood, keep } from './supergraph/first.ts';
import { knownOperations } from './supergraph/known-operations.ts';
import { kvSource } from './supergraph/kv-source.ts';
import { follow } from './supergraph/source.ts';

/** Starts the router as the environment says; see `config.ts` for the variables. */
export async function start(env: Env): Promise<{ name: 'router'; url: string; reload(): Promise<void>; close(): Promise<void> }> {
  const { nats, logLevel, supergraph: settings, documents } = sourceConfig(env);
  const log = createLogger({ name: 'router', level: logLevel });
  const tracer = await openTracer('router', env, log);
  const broker = routerBroker(nats.url, nats.prefix, log);
  const source =
    settings.supergraph === 'kv' && broker
      ? kvSource({ broker: broker.open, prefix: nats.prefix, bucket: settings.supergraphBucket, log })
      : fileSource(fileOf(settings), settings.supergraphSettleMs);

  let manifest = readManifest(documents);
  const { router, found: first } = await firstGood(candidates(settings, source, log), log, ({ supergraphSdl, ...origin }) => {
    const { internalSecret, logLevel: _, nats: __, ...config } = routerConfig(env, supergraphSdl);
    const tokens = internalTokens(internalSecret);
    const known = { operations: knownOperations, operationNames: operationNames(), manifest };
    return startRouter({ ...config, supergraphSdl, origin, ...known, tokens, log, tracer, broker: broker?.open });
  });

  let used = first;
  const remember = (found: Found): void => {
    const { source: from, supergraphSdl } = found;
    used = found;
    if (from === 'kv') keep(settings.supergraphKept, supergraphSdl, log);
  };
  remember(first);
  async function take(found: Found, listed = manifest): Promise<void> {
    await router.reload({ ...found, subgraphs: addressesOf(env, found.supergraphSdl), manifest: listed });
    remember(found);
  }
  const following = follow({
    source,
    take: (found) => take(found),
    inUse: versionOf(first.supergraphSdl),
    pollMs: settings.supergraphPollMs,
    log,
  });
  const { url, supergraph: current } = router;
  const silence = broker && announce({ broker: broker.open, url, follows: settings.supergraph, current, log });
  return {
    name: 'router',
    url,
    async reload() {
      const listed = readManifest(documents);
      if (listed !== manifest) await take(used, listed);
      manifest = listed;
      await following.look();
    },
    async close() {
      following.close();
      silence?.();
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
  collectGarbage();
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
