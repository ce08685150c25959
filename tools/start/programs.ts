import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchNode } from './node-process.ts';
import { readyUrl } from './ready.ts';
import { secretsOf } from './secrets.ts';
import { addresses, type Settings } from './settings.ts';
import { type Unit, type UnitOptions, unit } from './unit.ts';

const HOST = fileURLToPath(new URL('./host.ts', import.meta.url));

/** What every program gets besides the addresses of the servers. */
export function programEnvironment(
  settings: Settings,
  given: Record<string, string | undefined>,
  ports: Map<string, number>,
): Record<string, string> {
  const { root, dataDir, seed } = settings;
  const own: Record<string, string> = {
    NODE_ENV: 'production',
    // Who starts it here wants to look around; where it is deployed nobody is to.
    ROUTER_GRAPHIQL: 'on',
    ROUTER_INTROSPECTION: 'on',
    ROUTER_SUGGESTIONS: 'on',
    NODE_COMPILE_CACHE: path.join(dataDir, 'compile-cache'),
    ...(seed ? { SEED: seed } : {}),
    ...Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
  return { ...own, ...secretsOf(root, dataDir, given), ...addresses(ports) };
}

/** The host process, the contexts that run apart, and the router. */
export function programs(
  settings: Settings,
  env: Record<string, string>,
  ports: Map<string, number>,
  routerPort: number,
  hooks: Pick<UnitOptions, 'report' | 'changed'> & { logOf(name: string): string },
): Unit[] {
  const { root, apart, hosted, restarts, readyTimeout } = settings;
  const { logOf, ...rest } = hooks;
  const address = (context: string) => `http://127.0.0.1:${ports.get(context)}/graphql`;
  const program = (
    name: string,
    url: string,
    port: number | undefined,
    command: string[],
    ready: string[],
    more: Record<string, string> = {},
  ) =>
    unit({
      name,
      url,
      port,
      autoRestart: restarts(name),
      launch: () =>
        launchNode({
          name,
          command,
          cwd: root,
          env: { ...env, ...more },
          logFile: logOf(name),
          readyUrls: ready.map(readyUrl),
          readyTimeout,
        }),
      ...rest,
    });
  const router = `http://127.0.0.1:${routerPort}/graphql`;
  return [
    ...(hosted.length > 0 ? [program('contexts', '', undefined, [HOST, root, ...hosted], hosted.map(address))] : []),
    ...apart.map((name) => program(name, address(name), ports.get(name), [path.join(root, 'subgraphs', name, 'main.ts')], [address(name)])),
    program('router', router, routerPort, [path.join(root, 'router/main.ts')], [router], { PORT: String(routerPort) }),
  ];
}
