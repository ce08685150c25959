import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ComposeFile, Service } from './compose.ts';
import { calleesOf, contextFolders, contextReads, type Reads, routerReads } from './programs.ts';

const SERVERS = ['postgres', 'nats', 'migrate'];

/** Where `docker-compose.yml` and the programs do not agree; empty when they do. */
export async function disagreements({ services }: ComposeFile, root: string): Promise<string[]> {
  const contexts = contextFolders(root);
  const expected = [...contexts, 'router', ...SERVERS];
  const found = [
    ...expected.filter((name) => !services[name]).map((name) => `${name}: has no service`),
    ...Object.keys(services)
      .filter((name) => !expected.includes(name))
      .map((name) => `${name}: a service that is no program of ours`),
  ];
  for (const context of contexts) {
    const service = services[context];
    if (!service) continue;
    found.push(...programProblems(context, service, root, `subgraphs/${context}/main.ts`));
    found.push(...variableProblems(context, service, await contextReads(root, context)));
    found.push(...addressProblems(context, service, contexts, services));
    for (const name of SERVERS) if (!service.depends_on?.[name]) found.push(`${context}: has to wait for ${name}`);
    for (const callee of calleesOf(root, context)) {
      if (services[callee] && !meet(service, services[callee]))
        found.push(`${context}: has no network in common with ${callee}, which it calls`);
    }
  }
  if (services.router) found.push(...(await routerProblems(services.router, services, contexts, root)));
  if (services.migrate)
    found.push(
      ...variableProblems('migrate', services.migrate, { variables: new Set(['DATABASE_URL']), needed: new Set(['DATABASE_URL']) }),
    );
  return found;
}

async function routerProblems(router: Service, services: Record<string, Service>, contexts: string[], root: string): Promise<string[]> {
  const port = router.environment?.PORT;
  return [
    ...programProblems('router', router, root, 'router/main.ts'),
    ...variableProblems('router', router, await routerReads(root)),
    ...addressProblems('router', router, contexts, services),
    ...contexts
      .filter((context) => services[context] && !meet(router, services[context]))
      .map((context) => `router: has no network in common with ${context}`),
    ...(router.ports?.length === 1 && router.ports[0]?.endsWith(`:${port}`)
      ? []
      : [`router: publishes ${router.ports}, but listens on ${port}`]),
  ];
}

/** Node's own options may stand before the program. */
const runs = (program: string, [node, ...rest]: readonly string[] = []): boolean =>
  node === 'node' && rest.at(-1) === program && rest.slice(0, -1).every((option) => option.startsWith('--'));

function programProblems(name: string, { command, healthcheck, environment, restart }: Service, root: string, program: string): string[] {
  const listens = environment?.PORT ?? environment?.[`${name.toUpperCase().replaceAll('-', '_')}_PORT`];
  const checked = healthcheck?.test.at(-1);
  return [
    ...(runs(program, command) ? [] : [`${name}: its command is to be node ${program}`]),
    ...(existsSync(path.join(root, 'deploy/health.mjs')) && healthcheck?.test.includes('deploy/health.mjs')
      ? []
      : [`${name}: has no health check`]),
    ...(checked === listens ? [] : [`${name}: its health check asks port ${checked}, but it listens on ${listens}`]),
    ...(restart ? [] : [`${name}: has no restart policy`]),
  ];
}

function variableProblems(name: string, { environment = {} }: Service, { variables, needed }: Reads): string[] {
  return [
    ...Object.keys(environment)
      .filter((variable) => !variables.has(variable))
      .map((variable) => `${name}: sets ${variable}, which the program does not read`),
    ...[...needed]
      .filter((variable) => !(variable in environment))
      .map((variable) => `${name}: does not set ${variable}, which the program needs`),
  ];
}

/** Every `<CONTEXT>_URL` has to say where that context's service listens. */
function addressProblems(name: string, { environment = {} }: Service, contexts: string[], services: Record<string, Service>): string[] {
  return contexts.flatMap((context) => {
    const prefix = context.toUpperCase().replaceAll('-', '_');
    const address = environment[`${prefix}_URL`];
    const right = `http://${context}:${services[context]?.environment?.[`${prefix}_PORT`]}/graphql`;
    return address === undefined || address === right ? [] : [`${name}: ${prefix}_URL is ${address}, but ${context} is at ${right}`];
  });
}

function meet(one: Service, other: Service): boolean {
  return one.networks?.some((network) => other.networks?.includes(network)) ?? false;
}
