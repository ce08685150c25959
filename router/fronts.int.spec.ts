import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Shop, shop } from './testing/shop.ts';

type Asked = { method?: string; search?: string; body?: unknown; headers?: Record<string, string> };

const JSON_BODY = { 'content-type': 'application/json' };
const STRICT = { accept: 'application/graphql-response+json' };
const PREFLIGHT = { 'apollo-require-preflight': 'yes' };
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };
const query = (text: string, more: object = {}): Asked => ({ body: { query: text, ...more } });
const get = (search: string, headers: Record<string, string> = PREFLIGHT): Asked => ({ method: 'GET', search, headers });

/** What clients ask, well or badly: both fronts answer it with the same status, code and data. */
const CASES: Record<string, Asked> = {
  'a query': query('{ orders { id book { title } } }'),
  'a query, strictly': { ...query('{ orders { id } }'), headers: STRICT },
  introspection: query('{ __schema { queryType { name } } __typename }'),
  'variables and a name': query('query A($id: ID!) { order(id: $id) { id } } query B { orders { id } }', {
    operationName: 'A',
    variables: { id: '7' },
  }),
  'a mutation': query('mutation { placeOrder(input: { bookId: "1" }) { id } }'),
  'a refusal': query('{ refused(field: "x") }'),
  'a null that bubbles to the top': query('{ secret orders { id } }'),
  'a document that cannot be read': query('{'),
  'a document that cannot be read, strictly': { ...query('{'), headers: STRICT },
  'a field that there is not': query('{ nothing }'),
  'a field that there is not, strictly': { ...query('{ nothing }'), headers: STRICT },
  'a variable that is missing': query('query ($id: ID!) { order(id: $id) { id } }'),
  'a variable that is missing, strictly': { ...query('query ($id: ID!) { order(id: $id) { id } }'), headers: STRICT },
  'a name that there is not': query('query A { orders { id } }', { operationName: 'B' }),
  'two operations and no name, strictly': { ...query('query A { orders { id } } query B { orders { id } }'), headers: STRICT },
  'a subscription': query('subscription { other }'),
  'no query': { body: {} },
  'an empty query': { body: { query: '' } },
  'a query that is no text': { body: { query: 1 } },
  'variables as text': { body: { query: '{ orders { id } }', variables: '{}' } },
  'variables as a list': { body: { query: '{ orders { id } }', variables: [] } },
  'variables that are null': { body: { query: '{ orders { id } }', variables: null, operationName: null, extensions: null } },
  'extensions as a list': { body: { query: '{ orders { id } }', extensions: [] } },
  'a batch': { body: [{ query: '{ orders { id } }' }] },
  'a body that is null': { body: null },
  'a GET': get('?query={orders{id}}'),
  'a GET with variables': get(`?query=query($id:ID!){order(id:$id){id}}&variables=${encodeURIComponent('{"id":"5"}')}`),
  'a GET with broken variables': get('?query={orders{id}}&variables={'),
  'a GET with a query twice': get('?query={orders{id}}&query={orders{id}}'),
  'a GET without a query': get(''),
  'a GET of a mutation': get('?query=mutation{placeSlowly}'),
  'a GET that any page could send': get('?query={orders{id}}', BROWSER),
  'a GET as a form': get('?query={orders{id}}', { ...BROWSER, 'content-type': 'text/plain' }),
  'a GET with another content type': get('?query={orders{id}}', { 'content-type': 'application/xml' }),
  'a PATCH': { ...query('{ orders { id } }'), method: 'PATCH' },
  'answers as HTML': { ...query('{ orders { id } }'), headers: { accept: 'text/html' } },
  'a preference': {
    ...query('{ orders { id } }'),
    headers: { accept: 'application/json;q=0.5, application/graphql-response+json' },
  },
  anything: { ...query('{ orders { id } }'), headers: { accept: '*/*' } },
  'a persisted query that is not known': {
    body: { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
  },
};

describe('the two fronts', () => {
  let world: Shop;
  const urls: Record<string, string> = {};
  beforeAll(async () => {
    world = await shop();
    for (const front of ['own', 'apollo'] as const) urls[front] = (await world.router({}, front)).url;
  });
  afterAll(() => world.close());

  const HEADERS = ['content-type', 'allow', 'access-control-allow-origin'];

  async function answer(front: string, { method = 'POST', search = '', body, headers }: Asked) {
    const response = await request(`${urls[front]}${search}`, {
      method: method as 'POST',
      headers: { ...(body === undefined ? {} : JSON_BODY), 'x-correlation-id': 'c', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { data, errors, ...rest } = (await response.body.json()) as {
      data?: unknown;
      errors?: { path?: unknown; extensions?: unknown }[];
    };
    return {
      status: response.statusCode,
      headers: Object.fromEntries(HEADERS.map((name) => [name, response.headers[name]])),
      data,
      errors: errors?.map(({ path, extensions }) => ({ path, extensions })),
      rest,
    };
  }

  it.each(Object.entries(CASES))('answer %s alike', async (_, asked) => {
    expect(await answer('own', asked)).toEqual(await answer('apollo', asked));
  });
});
