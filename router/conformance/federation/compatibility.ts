import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { serveSubgraph } from '@madang/kernel/graphql';
import { internalTokens } from '@madang/kernel/identity';

import { parse, stripIgnoredCharacters } from 'graphql';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { startRouter } from '../../router.ts';
import { issuer } from '../../testing/issuer.ts';
import { toySubgraph } from '../../testing/toy-subgraph.ts';
import { inventory, products, users } from './subgraphs.ts';

const file = (name: string): URL => new URL(`${name}.graphql`, import.meta.url);
const sdlOf = (name: string): string => readFileSync(file(name), 'utf8');
const sdl = { products: sdlOf('products'), users: sdlOf('users'), inventory: sdlOf('inventory') };

/** The SDL that the suite compares the subgraph's with. */
export const reference = parse(sdl.products);

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever they asked for
type Answer = any;

/** The supergraph of the compatibility tests: products is served by the kernel, in front of all is the router. */
export async function compatibility() {
  const tokens = internalTokens('a secret for tests, long enough: 32');
  const log = pino({ level: 'silent' });
  const subgraph = await serveSubgraph({
    name: 'products',
    sdl: file('products'),
    parts: { resolvers: products },
    log,
    metrics: new Registry(),
    tokens,
    clock: { now: () => new Date() },
    host: '127.0.0.1',
    port: 0,
    readiness: async () => null,
    source: null,
  });
  const others = [await toySubgraph('users', sdl.users, users), await toySubgraph('inventory', sdl.inventory, inventory)];
  const urls = { products: subgraph.url, ...Object.fromEntries(others.map(({ name, url }) => [name, url])) };
  const { supergraphSdl, errors } = composeServices(
    Object.entries(sdl).map(([name, typeDefs]) => ({ name, typeDefs: parse(typeDefs), url: urls[name as keyof typeof urls] })),
  );
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], (errors ?? []).map(String).join('\n'));
  const keys = await issuer();
  const router = await startRouter({
    supergraphSdl,
    subgraphs: urls,
    port: 0,
    host: '127.0.0.1',
    identity: { jwksUrl: keys.jwksUrl, issuer: 'madang', audience: 'madang' },
    tokens,
    log,
  });

  const ask = async (url: string, query: string, variables: object, headers: Record<string, string>): Promise<Answer> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  };
  const authorization = `Bearer ${await tokens.issue({ kind: 'service', name: 'router' }, 'router')}`;
  const askProducts = (query: string, variables: object = {}, headers: Record<string, string> = {}) =>
    ask(subgraph.url, query, variables, { authorization, ...headers });

  return {
    askProducts,
    askRouter: (query: string, variables: object = {}) => ask(router.url, query, variables, {}),
    /** What the subgraph says of itself, as it is and without what a parser ignores. */
    async sdl(): Promise<{ text: string; dense: string }> {
      const { data } = await askProducts('{ _service { sdl } }');
      return { text: data._service.sdl, dense: stripIgnoredCharacters(data._service.sdl) };
    },
    async close() {
      await router.close();
      await subgraph.close();
      await Promise.all(others.map((toy) => toy.crash()));
      await keys.close();
    },
  };
}

export type Compatibility = Awaited<ReturnType<typeof compatibility>>;
