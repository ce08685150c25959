import { anonymous, user } from '@madang/kernel/domain';
import { buildSchema, printSchema } from 'graphql';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { federation } from '../../testing/in-process.ts';
import type { Asker } from './rights.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires", "@inaccessible", "@authenticated", "@requiresScopes", "@policy"])`;

const POSTS = `${LINK}
  type Query {
    post(id: ID! = "1"): Post
    posts: [Post!]!
    me: Person @authenticated
    report: String! @requiresScopes(scopes: [["role:MANAGER"], ["role:ADMIN"]])
    both: String @requiresScopes(scopes: [["read:posts", "read:people"], ["role:ADMIN"]])
    adults: String @policy(policies: [["adult"]])
    unknown: String @policy(policies: [["adult", "nobody-knows"]])
    entries: [Entry!]
    anything: [Anything]
    vault: Vault
    level: Level
  }
  type Mutation {
    publish(title: String!): Post @authenticated
    remove: Boolean! @requiresScopes(scopes: [["role:ADMIN"]])
  }
  type Subscription {
    published: Post @authenticated
    changed: Change
  }
  type Change { at: Int post: Post secret: String @authenticated by: Person @authenticated }
  type Post @key(fields: "id") { id: ID! title: String! views: Int @authenticated tags: [String!]! @requiresScopes(scopes: [["role:ADMIN"]]) author: Person weight: Int @requiresScopes(scopes: [["role:ADMIN"]]) }
  type Person @key(fields: "id") @key(fields: "email") { id: ID! @authenticated email: ID! @inaccessible }
  interface Entry { id: ID! text: String }
  type Note implements Entry { id: ID! text: String }
  type Diary implements Entry @authenticated { id: ID! text: String lock: String }
  type Draft implements Entry { id: ID! text: String @requiresScopes(scopes: [["role:ADMIN"]]) }
  union Anything = Note | Vault
  type Vault @requiresScopes(scopes: [["role:ADMIN"]]) { key: String! }
  enum Level @authenticated { LOW HIGH }`;

const PEOPLE = `${LINK}
  type Person @key(fields: "id") @key(fields: "email") { id: ID! @authenticated email: ID! @inaccessible name: String! nick: String }
  type Post @key(fields: "id") { id: ID! weight: Int @external postage: Int @requires(fields: "weight") @requiresScopes(scopes: [["role:ADMIN"]]) }`;

const posts = [
  { __typename: 'Post', id: '1', title: 'One', views: 10, tags: ['a'], author: { id: 'p1', email: 'p1@' }, weight: 3 },
  { __typename: 'Post', id: '2', title: 'Two', views: 20, tags: ['b'], author: { id: 'p2', email: 'p2@' }, weight: 4 },
];
const entries = [
  { __typename: 'Note', id: 'n', text: 'a note' },
  { __typename: 'Diary', id: 'd', text: 'dear diary', lock: '123' },
  { __typename: 'Draft', id: 'f', text: 'a draft' },
];

const customer = user('account-1', 'CUSTOMER');
const manager = user('account-2', 'MANAGER');
const admin = user('account-3', 'ADMIN');
const reader: Asker = { ...user('account-4', 'CUSTOMER'), scopes: ['read:posts', 'read:people', 'role:ADMIN'] };

const world = () =>
  federation(
    {
      posts: {
        sdl: POSTS,
        resolvers: {
          Query: {
            post: (_: unknown, { id }: { id: string }) => posts.find((post) => post.id === id),
            posts: () => posts,
            me: () => ({ id: 'me', email: 'me@' }),
            report: () => 'all is well',
            both: () => 'both',
            adults: () => 'adults',
            unknown: () => 'unknown',
            entries: () => entries,
            anything: () => [entries[0], { __typename: 'Vault', key: 'key' }],
            vault: () => ({ key: 'key' }),
            level: () => 'HIGH',
          },
          Mutation: { publish: () => posts[0], remove: () => true },
          Post: { __resolveReference: ({ id }: { id: string }) => posts.find((post) => post.id === id) },
        },
      },
      people: {
        sdl: PEOPLE,
        resolvers: {
          Person: {
            __resolveReference: (key: { id?: string; email?: string }) => ({
              id: key.id ?? key.email?.slice(0, -1),
              name: `Name of ${key.email ?? key.id}`,
              nick: 'nick',
            }),
          },
          Post: { postage: ({ weight }: { weight: number }) => weight * 100 },
        },
      },
    },
    { adult: (asker) => asker.kind === 'user' && asker.accountId !== 'account-1' },
  );

let over: Awaited<ReturnType<typeof world>>;
beforeAll(async () => {
  over = await world();
});
beforeEach(() => {
  over.asked.length = 0;
});

const ask = (asker: Asker, query: string, variables = {}) => over.ask(query, variables, undefined, asker);
const refusals = ({ errors = [] }: Awaited<ReturnType<typeof ask>>) =>
  errors.map(({ path, extensions }) => [path?.join('.'), extensions?.code]);
const sent = () => over.asked.map(({ subgraph, query }) => `${subgraph} ${query}`);

describe('what is not allowed', () => {
  it('is null, with an error and a path, and is not fetched', async () => {
    const answer = await ask(anonymous, '{ me { name } post { title views } }');
    expect(answer.data).toEqual({ me: null, post: { title: 'One', views: null } });
    expect(answer.errors).toEqual([
      { message: 'Sign in first.', path: ['me'], extensions: { code: 'UNAUTHENTICATED' } },
      { message: 'Sign in first.', path: ['post', 'views'], extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect(answer.extensions).toBeUndefined();
    expect(sent()).toEqual(['posts {post{title}}']);
  });

  it('is fetched for those who may', async () => {
    const answer = await ask(customer, '{ me { name } post { title views } }');
    expect(answer).toEqual({ data: { me: { name: 'Name of me' }, post: { title: 'One', views: 10 } } });
  });

  it('is FORBIDDEN where a role is missing, and names the roles', async () => {
    expect(await ask(customer, '{ a: post { tags } }')).toEqual({
      data: { a: null },
      errors: [{ message: 'This needs the role ADMIN.', path: ['a', 'tags'], extensions: { code: 'FORBIDDEN' } }],
    });
    expect((await ask(customer, '{ report }')).errors?.[0]?.message).toBe('This needs the role MANAGER or ADMIN.');
    expect((await ask(manager, '{ report }')).data).toEqual({ report: 'all is well' });
  });

  it('makes null of what must not be null, up to where null may be', async () => {
    const answer = await ask(customer, '{ posts { id tags } post { title } }');
    expect(answer.data).toBeNull();
    expect(refusals(answer)).toEqual([['posts.0.tags', 'FORBIDDEN']]);
  });

  it('has an error in each item of a list', async () => {
    const answer = await ask(anonymous, '{ posts { title seen: views } }');
    expect(answer.data).toEqual({
      posts: [
        { title: 'One', seen: null },
        { title: 'Two', seen: null },
      ],
    });
    expect(refusals(answer)).toEqual([
      ['posts.0.seen', 'UNAUTHENTICATED'],
      ['posts.1.seen', 'UNAUTHENTICATED'],
    ]);
  });

  it('is not sent to any subgraph when nothing else is asked for', async () => {
    const answer = await ask(anonymous, '{ me { id name } }');
    expect(answer.data).toEqual({ me: null });
    expect(sent()).toEqual([]);
  });

  it('still asks whether there is an object of which nothing is left', async () => {
    expect((await ask(anonymous, '{ post { views } }')).data).toEqual({ post: { views: null } });
    expect(await ask(anonymous, '{ post(id: "9") { views } }')).toEqual({ data: { post: null } });
  });

  it('is found behind fragments, aliases, variables, @skip and @include', async () => {
    const query = `query ($no: Boolean!, $yes: Boolean!, $id: ID!) {
      ...Root
      p: post(id: $id) { ... { seen: views @include(if: $yes) } unseen: views @skip(if: $yes) never: views @include(if: $no) title }
    }
    fragment Root on Query { mine: me { ...Name } posts { ...Counted } }
    fragment Name on Person { name }
    fragment Counted on Post { views }`;
    const answer = await ask(anonymous, query, { no: false, yes: true, id: '2' });
    expect(answer.data).toEqual({ mine: null, posts: [{ views: null }, { views: null }], p: { seen: null, title: 'Two' } });
    expect(refusals(answer).map(([path]) => path)).toEqual(['mine', 'posts.0.views', 'posts.1.views', 'p.seen']);
    expect(sent().join()).not.toContain('views');
  });

  it('does not keep introspection from anybody', async () => {
    const answer = await ask(anonymous, '{ __type(name: "Query") { fields { name } } __typename me { id } }');
    expect(answer.data).toMatchObject({ __type: { fields: expect.arrayContaining([{ name: 'me' }]) }, __typename: 'Query', me: null });
  });

  it('is planned once for all who may not have the same', async () => {
    const prepared = over.engine.prepare('{ me { id } report }', undefined);
    if ('problems' in prepared) throw new Error('not valid');
    const as = (actor: Asker) => over.engine.authorised(prepared, { actor });
    expect(as(manager)).toBe(prepared);
    expect(as(user('x', 'ADMIN', 'TRAINER'))).toBe(prepared);
    expect(as(customer)).toBe(as(user('y', 'TRAINER')));
    expect(as(anonymous)).not.toBe(as(customer));
  });
});

describe('a mutation', () => {
  it('that is not allowed is not sent', async () => {
    const answer = await ask(anonymous, 'mutation { publish(title: "x") { id } }');
    expect(answer.data).toEqual({ publish: null });
    expect(refusals(answer)).toEqual([['publish', 'UNAUTHENTICATED']]);
    expect(refusals(await ask(customer, 'mutation { remove }'))).toEqual([['remove', 'FORBIDDEN']]);
    expect(sent()).toEqual([]);
    expect((await ask(admin, 'mutation { remove }')).data).toEqual({ remove: true });
  });
});

describe('scopes', () => {
  it('are one of several sets, each as a whole', async () => {
    expect((await ask(reader, '{ both }')).data).toEqual({ both: 'both' });
    expect((await ask(admin, '{ both }')).data).toEqual({ both: 'both' });
    expect(await ask({ ...reader, scopes: ['read:posts'] }, '{ both }')).toMatchObject({
      data: { both: null },
      errors: [{ message: 'This needs a scope that your token does not have.', extensions: { code: 'FORBIDDEN' } }],
    });
  });

  it('of a token give no role', async () => {
    expect(refusals(await ask(reader, '{ report }'))).toEqual([['report', 'FORBIDDEN']]);
  });
});

describe('policies', () => {
  it('are asked who asks', async () => {
    expect((await ask(manager, '{ adults }')).data).toEqual({ adults: 'adults' });
    expect(refusals(await ask(customer, '{ adults }'))).toEqual([['adults', 'FORBIDDEN']]);
    expect(refusals(await ask(anonymous, '{ adults }'))).toEqual([['adults', 'UNAUTHENTICATED']]);
  });

  it('that are not there allow nothing', async () => {
    expect(refusals(await ask(manager, '{ unknown }'))).toEqual([['unknown', 'FORBIDDEN']]);
  });
});

describe('types', () => {
  it('are guarded in every field that answers with one', async () => {
    const answer = await ask(customer, '{ vault { key } }');
    expect([answer.data, refusals(answer)]).toEqual([{ vault: null }, [['vault', 'FORBIDDEN']]]);
    expect(refusals(await ask(anonymous, '{ level }'))).toEqual([['level', 'UNAUTHENTICATED']]);
    expect((await ask(customer, '{ level }')).data).toEqual({ level: 'HIGH' });
  });

  it('are guarded in a union', async () => {
    const answer = await ask(customer, '{ anything { __typename ... on Note { text } ... on Vault { key } } }');
    expect(answer.data).toEqual({ anything: [{ __typename: 'Note', text: 'a note' }, null] });
    expect(refusals(answer)).toEqual([['anything.1.key', 'FORBIDDEN']]);
    expect(sent().join()).not.toContain('key');
  });
});

describe('a field of an interface', () => {
  it('needs what it needs in each type', async () => {
    const answer = await ask(customer, '{ entries { id text } }');
    expect(answer.data).toEqual({
      entries: [
        { id: 'n', text: null },
        { id: 'd', text: null },
        { id: 'f', text: null },
      ],
    });
    expect(refusals(answer).map(([path]) => path)).toEqual(['entries.0.text', 'entries.1.text', 'entries.2.text']);
    expect(sent().join()).not.toContain('text');
  });

  it('is refused with what answers with the interface, where one of its types is', async () => {
    for (const query of [
      '{ entries { id } }',
      '{ entries { ... on Entry { id } ... on Diary { lock } } }',
      '{ entries { ... on Diary { ... on Entry { id } } } }',
    ]) {
      const answer = await ask(anonymous, query);
      expect([answer.data, refusals(answer)]).toEqual([{ entries: null }, [['entries', 'UNAUTHENTICATED']]]);
    }
    expect(sent()).toEqual([]);
  });

  it('may be asked of the types that are not', async () => {
    const answer = await ask(
      anonymous,
      '{ entries { __typename ... on Note { id text } ... on Diary { text } ...D } } fragment D on Draft { id text }',
    );
    expect(answer.data).toEqual({
      entries: [
        { __typename: 'Note', id: 'n', text: 'a note' },
        { __typename: 'Diary', text: null },
        { __typename: 'Draft', id: 'f', text: null },
      ],
    });
    expect(refusals(answer)).toEqual([
      ['entries.1.text', 'UNAUTHENTICATED'],
      ['entries.2.text', 'UNAUTHENTICATED'],
    ]);
  });
});

describe('a key that is guarded', () => {
  it('still leads from one subgraph to the other, and is not shown', async () => {
    const answer = await ask(anonymous, '{ post { author { name } } }');
    expect(answer).toEqual({ data: { post: { author: { name: expect.stringContaining('Name of p1') } } } });
    const shown = await ask(anonymous, '{ post { author { id name } } }');
    expect(shown.data).toEqual({ post: { author: null } });
    expect(refusals(shown)).toEqual([['post.author.id', 'UNAUTHENTICATED']]);
  });
});

describe('@requires', () => {
  it('of a field that is not allowed keeps from what requires it, and from fetching either', async () => {
    const answer = await ask(customer, '{ post { title postage } }');
    expect(answer.data).toEqual({ post: { title: 'One', postage: null } });
    expect(refusals(answer)).toEqual([['post.postage', 'FORBIDDEN']]);
    expect(sent()).toEqual(['posts {post{title}}']);
    expect((await ask(admin, '{ post { postage } }')).data).toEqual({ post: { postage: 300 } });
  });
});

describe('the schema', () => {
  it('that clients see has none of it', () => {
    const text = printSchema(over.engine.schema);
    expect(text).not.toMatch(/@authenticated|@requiresScopes|@policy|Scope|Policy/);
    expect(() => buildSchema(text)).not.toThrow();
  });
});

describe('a subscription', () => {
  const subscribe = (asker: Asker, query: string) => {
    const prepared = over.engine.prepare(query, undefined);
    if ('problems' in prepared) throw new Error('not valid');
    return over.engine.authorised(prepared, { actor: asker });
  };

  it('that is not allowed is refused before its subgraph is asked', () => {
    expect(() => subscribe(anonymous, 'subscription { new: published { id } }')).toThrow(
      expect.objectContaining({ path: ['new'], extensions: { code: 'UNAUTHENTICATED' } }),
    );
    expect(subscribe(customer, 'subscription { published { id } }').source?.query).toContain('published');
  });

  it('asks for nothing in its events that is not allowed, nor after them', async () => {
    const operation = subscribe(anonymous, 'subscription { changed { at secret by { name } post { title } } }');
    expect(operation.source?.query).not.toMatch(/secret|by/);
    const event = { data: { changed: { at: 1, post: { title: 'One' }, secret: 'leaked' } } };
    const { by } = await import('../../testing/in-process.ts');
    const answer = await over.engine.complete(operation, event, {}, by(anonymous));
    expect(answer.data).toEqual({ changed: { at: 1, secret: null, by: null, post: { title: 'One' } } });
    expect(refusals(answer)).toEqual([
      ['changed.secret', 'UNAUTHENTICATED'],
      ['changed.by', 'UNAUTHENTICATED'],
    ]);
    expect(sent()).toEqual([]);
  });
});
