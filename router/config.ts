import { readFileSync } from 'node:fs';
import { tracingVariables } from '@madang/kernel/observability';
import { z } from 'zod';
import { cacheShape } from './settings/cache.ts';
import { decidedBy, documentsShape } from './settings/documents.ts';
import { doorShape } from './settings/door.ts';
import { limitsShape } from './settings/limits.ts';
import { serverShape } from './settings/server.ts';
import { type Settings, type Shape, settingsOf, variablesOf } from './settings/setting.ts';
import { supergraphShape } from './settings/supergraph.ts';
import { ownTraffic, ownTrafficShape, trafficShape } from './settings/traffic.ts';

/** Environment variables, as `process.env` has them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Where the composed supergraph is. */
export const supergraphFile = new URL('../schema/supergraph.graphql', import.meta.url);

const GRAPH = /@join__graph\(\s*name:\s*"([^"]+)"(?:,\s*url:\s*"([^"]*)")?/g;

/** The subgraphs of a supergraph, by name. */
export const subgraphsOf = (supergraphSdl: string): string[] => [...supergraphSdl.matchAll(GRAPH)].map(([, name = '']) => name).toSorted();

/** `payment-methods` → `PAYMENT_METHODS_URL` */
export const urlVariable = (subgraph: string): string => `${subgraph.toUpperCase().replaceAll('-', '_')}_URL`;

/** The settings of `ROUTER_…`, part by part: a part that is added here is read, given to the router under its name, and told of in `docs/router.md`. */
export const parts = {
  supergraph: supergraphShape,
  limits: limitsShape,
  traffic: trafficShape,
  cache: cacheShape,
  door: doorShape,
  documents: documentsShape,
} satisfies Record<string, Shape>;

type Parts = { readonly [Part in keyof typeof parts]: Settings<(typeof parts)[Part]> };

const partVariables: Record<string, z.ZodType> = Object.assign({}, ...Object.values(parts).map(variablesOf));

/** Every setting but the addresses of the subgraphs, by the name of its variable. */
export const settingShape = { ...serverShape, ...partVariables, ...ownTrafficShape('<SUBGRAPH>') };

const settings = z.object(settingShape);

const address = z.url({ protocol: /^https?$/, error: 'needs the http(s) address of the subgraph, e.g. http://127.0.0.1:4101/graphql' });

/** An empty variable is one that is not set. */
const given = (env: Env): Env => Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));

/** The address that a supergraph itself has for a subgraph; composed ones of ours have `….invalid`, which is none. */
const ownAddress = (url: string | undefined): string | undefined =>
  url !== undefined && address.safeParse(url).success && !new URL(url).hostname.endsWith('.invalid') ? url : undefined;

/** Where the subgraphs of a supergraph are: by variable, else by the supergraph. What has no valid address is left out. */
export const addressesOf = (env: Env, supergraphSdl: string): Record<string, string> =>
  Object.fromEntries(
    [...supergraphSdl.matchAll(GRAPH)].flatMap(([, name = '', url]) => {
      const told = address.safeParse(env[urlVariable(name)] || ownAddress(url));
      return told.success ? [[name, told.data]] : [];
    }),
  );

/**
 * What is known before the supergraph is: where it is. @throws Error as {@link routerConfig}
 */
export function sourceConfig(env: Env) {
  const parsed = settings.safeParse(given(env));
  if (!parsed.success) return routerConfig(env, readSupergraph());
  const { NATS_URL, NATS_PREFIX, LOG_LEVEL } = parsed.data;
  const supergraph = settingsOf(supergraphShape, parsed.data);
  if (supergraph.supergraph === 'kv' && NATS_URL === undefined)
    throw new Error('The router cannot start with this environment:\nROUTER_SUPERGRAPH=kv needs NATS_URL.');
  const documents = decidedBy(settingsOf(documentsShape, parsed.data), env.NODE_ENV);
  return { nats: { url: NATS_URL, prefix: NATS_PREFIX }, logLevel: LOG_LEVEL, supergraph, documents };
}

/** What the router is told by its environment. @throws Error that names every variable at fault */
export function routerConfig(env: Env, supergraphSdl: string) {
  const subgraphs = subgraphsOf(supergraphSdl);
  const urls = addressesOf(env, supergraphSdl);
  const missing = subgraphs.filter((name) => !urls[name]);
  const addresses = z.object(Object.fromEntries(missing.map((name) => [urlVariable(name), address])));
  const own = z.object(Object.assign({}, ...subgraphs.map(ownTrafficShape)));
  const parsed = settings.and(addresses).and(own).safeParse(given(env));
  if (!parsed.success) throw new Error(`The router cannot start with this environment:\n${z.prettifyError(parsed.error)}`);
  const told = settings.parse(given(env));
  const { PORT, HOST, INTERNAL_SECRET, JWKS_URL, JWT_ISSUER, JWT_AUDIENCE, NATS_URL, NATS_PREFIX, ROUTER_FRONT, LOG_LEVEL } = told;
  const settled = Object.fromEntries(Object.entries(parts).map(([name, shape]) => [name, settingsOf(shape, told)])) as Parts;
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
    ...settled,
    traffic: { all: settled.traffic, of: Object.fromEntries(subgraphs.map((name) => [name, ownTraffic(name, parsed.data)])) },
    documents: decidedBy(settled.documents, env.NODE_ENV),
  };
}

/** Reads a supergraph, by default the one that is composed of ours. @throws Error saying how that is made when it is not there */
export function readSupergraph(file: string | URL = supergraphFile): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const name = file === supergraphFile ? 'schema/supergraph.graphql' : String(file);
    throw new Error(`${name} is not there: \`node tools/generate/main.ts\` composes schema/supergraph.graphql.`, { cause });
  }
}

/** The variables that the router reads, its subgraphs' addresses included. */
export const variables: readonly string[] = [
  ...Object.keys(settingShape),
  ...tracingVariables,
  ...subgraphsOf(readSupergraph()).flatMap((name) => [urlVariable(name), ...Object.keys(ownTrafficShape(name))]),
];
