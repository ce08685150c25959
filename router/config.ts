import { readFileSync } from 'node:fs';
import { tracingVariables } from '@madang/kernel/observability';
import { z } from 'zod';
import { decidedBy, documentsShape } from './settings/documents.ts';
import { limitsShape } from './settings/limits.ts';
import { serverShape } from './settings/server.ts';
import { settingsOf, variablesOf } from './settings/setting.ts';

/** Environment variables, as `process.env` has them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Where the composed supergraph is. */
export const supergraphFile = new URL('../schema/supergraph.graphql', import.meta.url);

const GRAPH = /@join__graph\(\s*name:\s*"([^"]+)"/g;

/** The subgraphs of a supergraph, by name. */
export const subgraphsOf = (supergraphSdl: string): string[] => [...supergraphSdl.matchAll(GRAPH)].map(([, name = '']) => name).toSorted();

/** `payment-methods` → `PAYMENT_METHODS_URL` */
export const urlVariable = (subgraph: string): string => `${subgraph.toUpperCase().replaceAll('-', '_')}_URL`;

/** Every setting but the addresses of the subgraphs, by the name of its variable. */
export const settingShape = { ...serverShape, ...variablesOf(limitsShape), ...variablesOf(documentsShape) };

const settings = z.object(settingShape);

const address = z.url({ protocol: /^https?$/, error: 'needs the http(s) address of the subgraph, e.g. http://127.0.0.1:4101/graphql' });

/** An empty variable is one that is not set. */
const given = (env: Env): Env => Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));

/** What the router is told by its environment. @throws Error that names every variable at fault */
export function routerConfig(env: Env, supergraphSdl: string) {
  const subgraphs = subgraphsOf(supergraphSdl);
  const addresses = z.object(Object.fromEntries(subgraphs.map((name) => [urlVariable(name), address])));
  const parsed = settings.and(addresses).safeParse(given(env));
  if (!parsed.success) throw new Error(`The router cannot start with this environment:\n${z.prettifyError(parsed.error)}`);
  const told = settings.parse(given(env));
  const { PORT, HOST, INTERNAL_SECRET, JWKS_URL, JWT_ISSUER, JWT_AUDIENCE, NATS_URL, NATS_PREFIX, ROUTER_FRONT, LOG_LEVEL } = told;
  const urls = Object.fromEntries(subgraphs.map((name) => [name, env[urlVariable(name)] ?? '']));
  const jwksUrl = JWKS_URL ?? (urls.accounts && new URL('/.well-known/jwks.json', urls.accounts).href);
  if (!jwksUrl) throw new Error('The router cannot start with this environment:\nJWKS_URL is needed, since there is no ACCOUNTS_URL.');
  return {
    port: PORT,
    host: HOST,
    subgraphs: urls,
    internalSecret: INTERNAL_SECRET,
    identity: { jwksUrl, issuer: JWT_ISSUER, audience: JWT_AUDIENCE },
    nats: { url: NATS_URL, prefix: NATS_PREFIX },
    front: ROUTER_FRONT,
    logLevel: LOG_LEVEL,
    limits: settingsOf(limitsShape, told),
    documents: decidedBy(settingsOf(documentsShape, told), env.NODE_ENV),
  };
}

/** Reads the composed supergraph. @throws Error saying how it is made when it is not there */
export function readSupergraph(): string {
  try {
    return readFileSync(supergraphFile, 'utf8');
  } catch (cause) {
    throw new Error('schema/supergraph.graphql is not there: `node tools/generate/main.ts` composes it.', { cause });
  }
}

/** The variables that the router reads, its subgraphs' addresses included. */
export const variables: readonly string[] = [
  ...Object.keys(settingShape),
  ...tracingVariables,
  ...subgraphsOf(readSupergraph()).map(urlVariable),
];
