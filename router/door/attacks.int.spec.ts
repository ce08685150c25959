import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportSPKI, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { Router } from '../router.ts';
import { ask, until } from '../testing/ask.ts';
import { clientOf, listen } from '../testing/listen.ts';
import { type Shop, shop } from '../testing/shop.ts';

let world: Shop;
let router: Router;
beforeAll(async () => {
  world = await shop();
  router = await world.router();
});
afterAll(() => world.close());

const asked = () => world.orders.requests.length + world.books.requests.length + world.customers.requests.length;
const claims = { roles: ['ADMIN'] };
const signed = (key: Uint8Array, header: object) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: 'test', ...header })
    .setSubject('account-1')
    .setIssuer('madang')
    .setAudience('madang')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key);

describe('a forged token', () => {
  it('signed with the public key as if it were a secret is refused', async () => {
    const { keys } = (await (await fetch(world.keys.jwksUrl)).json()) as { keys: [{ x: string }] };
    const [jwk] = keys;
    const spki = await exportSPKI((await importJWK(jwk, 'EdDSA', { extractable: true })) as Parameters<typeof exportSPKI>[0]);
    for (const secret of [spki, `${spki}\n`, JSON.stringify(jwk), jwk.x.padEnd(64, '='), '']) {
      const token = await signed(Buffer.from(secret.padEnd(32, '\0')), {});
      expect((await ask(router.url, '{ who }', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    }
  });

  it('makes the router ask no address that it names', async () => {
    let reads = 0;
    const theirs = createServer((_, response) => {
      reads++;
      response.end('{"keys":[]}');
    }).listen(0, '127.0.0.1');
    await once(theirs, 'listening');
    const url = `http://127.0.0.1:${(theirs.address() as AddressInfo).port}/keys`;
    const header = { jku: url, x5u: url, kid: url, iss: url };
    const token = await signed(Buffer.alloc(32), header);
    expect((await ask(router.url, '{ who }', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    expect(reads).toBe(0);
    theirs.close();
  });

  it("for subgraphs alone is no user's token", async () => {
    const before = asked();
    await ask(router.url, '{ orders { id } }');
    const internal = world.orders.requests.at(-1)?.headers.authorization ?? '';
    expect(internal).toMatch(/^Bearer /);
    expect((await ask(router.url, '{ who }', { headers: { authorization: internal } })).status).toBe(401);
    expect(asked()).toBe(before + 1);
  });
});

describe('what is between router and subgraphs', () => {
  it.each([
    '{ _service { sdl } }',
    '{ _entities(representations: [{ __typename: "Order", id: "1" }]) { __typename } }',
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Order { id } } }',
    '{ __type(name: "_Any") { name } __schema { types { name } } }',
  ])('cannot be asked for: %s', async (query) => {
    const before = asked();
    const { data, text } = await ask(router.url, query, { variables: { r: [{ __typename: 'Order', id: '1' }] } });
    expect(data?.__type ?? null).toBeNull();
    expect(text).not.toMatch(/"(_Any|_Entity|_Service|join__\w+|link__\w+)"|extend schema/);
    expect(asked()).toBe(before);
  });
});

describe('a document', () => {
  it.each([
    ['of fragments in a circle', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    ['that is deeper than the stack', `{ ${'... { '.repeat(6_000)}__typename${' }'.repeat(6_000)} }`],
    ['with a value deeper than the stack', `{ order(id: ${'['.repeat(7_000)}1${']'.repeat(7_000)}) { id } }`],
    ['of endless tokens', `{ ${'a '.repeat(20_000)} }`],
  ])('%s is refused, by HTTP and on a WebSocket', async (_, query) => {
    const before = asked();
    const { data, errors } = await ask(router.url, query);
    const code = errors[0]?.extensions.code;
    expect(data).toBeUndefined();
    expect(code).toMatch(/^(?!INTERNAL)[A-Z_]+$/);
    const client = clientOf(router.url);
    expect(await listen(client, { query }).ended()).toMatchObject({ kind: 'errors', errors: [{ extensions: { code } }] });
    await client.dispose();
    expect(asked()).toBe(before);
  });

  it('with names that every object has gets what it asks for, and changes no object', async () => {
    const body = `{"__proto__":{"polluted":1},"query":"query ($__proto__: ID, $constructor: ID) { __proto__: order(id: $__proto__) { id } constructor: order(id: $constructor) { toString: id } }",
      "variables":{"__proto__":"1","constructor":"2"}}`;
    const response = await fetch(router.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const text = await response.text();
    expect(text).not.toContain('INTERNAL_SERVER_ERROR');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('one socket', () => {
  it('has so many operations and no more', async () => {
    const { url } = await world.router({ operationsPerSocket: 2 });
    const client = clientOf(url, { lazy: false });
    const open = [1, 2].map(() => listen(client, { query: 'subscription { other }' }));
    await until(() => world.events.listeners > 0);
    const third = await listen(client, { query: '{ orders { id } }' }).ended();
    expect(third).toMatchObject({ kind: 'errors', errors: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }] });
    for (const { stop } of open) stop();
    await client.dispose();
  });

  it('of an address that has too many is refused, until another one closes', async () => {
    const { url } = await world.router({}, undefined, { door: { socketsPerAddress: 2 } });
    const open = async () => {
      const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
      await once(socket, 'open');
      return socket;
    };
    const [one, other] = [await open(), await open()];
    await expect(open()).rejects.toThrow('429');
    one.close();
    await until(() =>
      open().then(
        (socket) => {
          socket.terminate();
          return true;
        },
        () => false,
      ),
    );
    other.terminate();
  });
});
