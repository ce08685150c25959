import { expect, it } from 'vitest';
import { readSupergraph, routerConfig, settingShape, subgraphsOf, urlVariable, variables } from './config.ts';
import { cacheSettings } from './settings/cache.ts';
import { documents } from './settings/documents.ts';
import { doorDefaults } from './settings/door.ts';
import { limits } from './settings/limits.ts';
import { supergraphSettings } from './settings/supergraph.ts';
import { traffic, trafficOf } from './settings/traffic.ts';

const SDL = `enum join__Graph {
  ACCOUNTS @join__graph(name: "accounts", url: "http://accounts.invalid/graphql")
  PAYMENT_METHODS @join__graph(name: "payment-methods", url: "")
}`;
const env = {
  INTERNAL_SECRET: 'x'.repeat(32),
  ACCOUNTS_URL: 'http://127.0.0.1:4101/graphql',
  PAYMENT_METHODS_URL: 'http://127.0.0.1:4102/graphql',
};

it('knows its subgraphs from the supergraph, and their variables', () => {
  expect(subgraphsOf(SDL)).toEqual(['accounts', 'payment-methods']);
  expect(urlVariable('payment-methods')).toBe('PAYMENT_METHODS_URL');
  for (const name of subgraphsOf(readSupergraph())) expect(variables).toContain(urlVariable(name));
  expect(variables).toEqual(
    expect.arrayContaining(['PORT', 'HOST', 'INTERNAL_SECRET', 'JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE', 'ROUTER_FRONT', 'LOG_LEVEL']),
  );
});

it('has a default for everything but addresses and the secret', () => {
  expect(routerConfig({ ...env, PORT: '' }, SDL)).toEqual({
    port: 4000,
    host: '127.0.0.1',
    subgraphs: { accounts: env.ACCOUNTS_URL, 'payment-methods': env.PAYMENT_METHODS_URL },
    internalSecret: env.INTERNAL_SECRET,
    identity: { jwksUrl: 'http://127.0.0.1:4101/.well-known/jwks.json', issuer: 'madang', audience: 'madang' },
    nats: { url: undefined, prefix: '' },
    front: 'own',
    logLevel: 'info',
    supergraph: supergraphSettings,
    limits,
    traffic: { all: traffic, of: { accounts: {}, 'payment-methods': {} } },
    cache: cacheSettings,
    door: doorDefaults,
    documents: { ...documents, introspection: 'on', suggestions: 'on', graphiql: 'on' },
  });
});

it('takes every limit from a variable of its name', () => {
  const { limits: told } = routerConfig({ ...env, ROUTER_BODY_BYTES: '2048', ROUTER_RESUME_FOR_MS: '0' }, SDL);
  expect(told).toEqual({ ...limits, bodyBytes: 2_048, resumeForMs: 0 });
  expect(() => routerConfig({ ...env, ROUTER_BODY_BYTES: 'much' }, SDL)).toThrow('ROUTER_BODY_BYTES');
});

it('takes what holds for all subgraphs, and for one of them', () => {
  const own = { ROUTER_RETRIES: '1', ROUTER_PAYMENT_METHODS_TIMEOUT_MS: '900', ROUTER_PAYMENT_METHODS_RETRIES: '0' };
  const told = routerConfig({ ...env, ...own }, SDL).traffic;
  expect(trafficOf(told, 'payment-methods')).toEqual({ ...traffic, timeoutMs: 900, retries: 0 });
  expect(trafficOf(told, 'accounts')).toEqual({ ...traffic, retries: 1 });
  expect(() => routerConfig({ ...env, ROUTER_ACCOUNTS_BULKHEAD: '0' }, SDL)).toThrow('ROUTER_ACCOUNTS_BULKHEAD');
  expect(variables).toContain('ROUTER_PAYMENT_METHODS_TIMEOUT_MS');
  expect(settingShape).toHaveProperty('ROUTER_<SUBGRAPH>_TIMEOUT_MS');
});

it('shows nothing of itself in production, unless it is told to', () => {
  const told = routerConfig({ ...env, NODE_ENV: 'production', ROUTER_GRAPHIQL: 'on' }, SDL).documents;
  expect(told).toMatchObject({ introspection: 'off', suggestions: 'off', graphiql: 'on' });
});

it('says of every setting what it is', () => {
  for (const [name, type] of Object.entries(settingShape)) expect(type.meta()?.description, name).toMatch(/\w/);
});

it('takes lists, and says which word of one is wrong', () => {
  const { door } = routerConfig(
    { ...env, ROUTER_TRUSTED_PROXIES: '10.0.0.0/8, ::1', ROUTER_CORS_ORIGINS: 'https://shop.example', ROUTER_PASSED_HEADERS: 'X-Tenant' },
    SDL,
  );
  expect(door).toEqual({
    ...doorDefaults,
    trustedProxies: ['10.0.0.0/8', '::1'],
    corsOrigins: ['https://shop.example'],
    passedHeaders: ['X-Tenant'],
  });
  const wrong = (variable: string, value: string) => () => routerConfig({ ...env, [variable]: value }, SDL);
  expect(wrong('ROUTER_TRUSTED_PROXIES', '10.0.0.0/33')).toThrow('10.0.0.0/33: is no address and no network');
  expect(wrong('ROUTER_CORS_ORIGINS', 'shop.example')).toThrow('shop.example: is no origin');
  expect(wrong('ROUTER_CORS_ORIGINS', 'null')).toThrow('null: is no origin');
  expect(wrong('ROUTER_PASSED_HEADERS', 'x-tenant, Authorization')).toThrow('Authorization: is never passed on as it came');
});

it('takes tokens of any issuer', () => {
  const told = { ...env, JWKS_URL: 'https://id.example/keys', JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'shop' };
  expect(routerConfig(told, SDL).identity).toEqual({ jwksUrl: 'https://id.example/keys', issuer: 'https://id.example', audience: 'shop' });
});

it('names every variable at fault', () => {
  const wrong = () => routerConfig({ PORT: 'http', INTERNAL_SECRET: 'short', ACCOUNTS_URL: 'accounts:4101' }, SDL);
  for (const name of ['PORT', 'INTERNAL_SECRET', 'ACCOUNTS_URL', 'PAYMENT_METHODS_URL']) expect(wrong).toThrow(name);
});
