import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { routerMetrics } from '../../metrics.ts';
import { limits } from '../../settings/limits.ts';
import type { Engine } from '../engine.ts';
import { startEngine } from '../executor.ts';
import { isSubscribed, type Resumable, resumable } from './resumable.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const EVENTS = `${LINK}
  type Query { a: Int }
  type Subscription {
    changed(kind: String!, after: String, only: [ID!]): Change!
    plain(after: String): String!
    always(after: String!): Change!
    elsewhere(after: String): Note!
    noAfter: Change!
    byId(after: ID): Change!
  }
  type Change { cursor: String! status: String! note: Note! }
  type Note @key(fields: "id") { id: ID! }`;
const NOTES = `${LINK}
  type Query { b: Int }
  type Note @key(fields: "id") { id: ID! cursor: String! text: String }`;

describe('what can be resumed', () => {
  let engine: Engine;
  beforeAll(async () => {
    const services = Object.entries({ events: EVENTS, notes: NOTES });
    const { supergraphSdl = '' } = composeServices(services.map(([name, sdl]) => ({ name, url: `http://${name}`, typeDefs: parse(sdl) })));
    const log = pino({ level: 'silent' });
    engine = await startEngine({ supergraphSdl, subgraphs: {}, limits, metrics: routerMetrics(), log });
  });

  function of(query: string): Resumable | null {
    const operation = engine.prepare(query, undefined);
    if (!('plan' in operation) || !isSubscribed(operation)) throw new Error(JSON.stringify(operation));
    return resumable(engine, operation);
  }

  it.each([
    'subscription { plain }',
    'subscription { noAfter { status cursor } }',
    'subscription { always(after: "c") { status } }',
    'subscription { elsewhere { id cursor } }',
  ])('is not %s', (query) => {
    expect(of(query)).toBeNull();
  });

  it('asks for the cursor, and can say where to go on', () => {
    const way = of('subscription ($k: String!) { told: changed(kind: $k, only: ["n1"]) { status note { text } } }');
    expect(way?.query.replace(/\s+/g, ' ')).toMatch(
      /^subscription \(\$v0: String!, \$madang__after: String\) \{ __a0: changed\(kind: \$v0, only: \["n1"\], after: \$madang__after\) \{ status note \{ __typename id \} madang__cursor: cursor \} \}$/,
    );
    expect(way?.begin({})).toBeUndefined();
    expect(way?.cursorOf({ __a0: { status: 's', madang__cursor: 'c7' } })).toBe('c7');
    for (const data of [null, undefined, {}, { __a0: null }, { __a0: { madang__cursor: 1 } }]) expect(way?.cursorOf(data)).toBeUndefined();
  });

  it.each([
    ['a text', 'subscription { changed(kind: "k", after: "c1") { status } }', {}, 'c1'],
    ['a variable', 'subscription ($a: String) { changed(kind: "k", after: $a) { status } }', { a: 'c2' }, 'c2'],
    ["a variable's default", 'subscription ($a: String = "c3") { changed(kind: "k", after: $a) { status } }', {}, 'c3'],
    [
      'null instead of the default',
      'subscription ($a: String = "c3") { changed(kind: "k", after: $a) { status } }',
      { a: null },
      undefined,
    ],
    ['null', 'subscription { changed(kind: "k", after: null) { status } }', {}, undefined],
    ['an ID that is a number', 'subscription { byId(after: "5") { status } }', {}, '5'],
    ['a fragment', 'subscription { ...F } fragment F on Subscription { changed(kind: "k", after: "c4") { status } }', {}, 'c4'],
  ])('begins where the client says, by %s', (_, query, variables, expected) => {
    const way = of(query);
    expect(way?.begin(variables)).toBe(expected);
    expect(way?.query).not.toMatch(/\$v\d|"c\d"/);
  });

  it('knows the variable that only says where to begin', () => {
    expect(of('subscription ($a: String) { changed(kind: "k", after: $a) { status } }')?.afterVariable).toBe('a');
    expect(of('subscription ($a: String!) { changed(kind: $a, after: $a) { status } }')?.afterVariable).toBeUndefined();
    expect(of('subscription { changed(kind: "k", after: "c") { status } }')?.afterVariable).toBeUndefined();
  });
});
