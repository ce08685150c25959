import { expect, it } from 'vitest';
import { readSupergraph, routerConfig, settingShape, subgraphsOf, urlVariable, variables } from './config.ts';
import { documents } from './settings/documents.ts';
import { limits } from './settings/limits.ts';

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
    limits,
    documents: { ...documents, introspection: 'on', suggestions: 'on', graphiql: 'on' },
  });
});

it('takes every limit from a variable of its name', () => {
  const { limits: told } = routerConfig({ ...env, ROUTER_BODY_BYTES: '2048', ROUTER_RESUME_FOR_MS: '0' }, SDL);
  expect(told).toEqual({ ...limits, bodyBytes: 2_048, resumeForMs: 0 });
  expect(() => routerConfig({ ...env, ROUTER_BODY_BYTES: 'much' }, SDL)).toThrow('ROUTER_BODY_BYTES');
});

it('shows nothing of itself in production, unless it is told to', () => {
  const told = routerConfig({ ...env, NODE_ENV: 'production', ROUTER_GRAPHIQL: 'on' }, SDL).documents;
  expect(told).toMatchObject({ introspection: 'off', suggestions: 'off', graphiql: 'on' });
});

it('says of every setting what it is', () => {
  for (const [name, type] of Object.entries(settingShape)) expect(type.meta()?.description, name).toMatch(/\w/);
});

it('takes tokens of any issuer', () => {
  const told = { ...env, JWKS_URL: 'https://id.example/keys', JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'shop' };
  expect(routerConfig(told, SDL).identity).toEqual({ jwksUrl: 'https://id.example/keys', issuer: 'https://id.example', audience: 'shop' });
});

it('names every variable at fault', () => {
  const wrong = () => routerConfig({ PORT: 'http', INTERNAL_SECRET: 'short', ACCOUNTS_URL: 'accounts:4101' }, SDL);
  for (const name of ['PORT', 'INTERNAL_SECRET', 'ACCOUNTS_URL', 'PAYMENT_METHODS_URL']) expect(wrong).toThrow(name);
});
