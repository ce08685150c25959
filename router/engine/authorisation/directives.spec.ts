import { parse, print } from 'graphql';
import { expect, it } from 'vitest';
import { composed } from '../../testing/in-process.ts';
import { namesIn, withoutAuthorisation } from './directives.ts';
import { authorisationOf } from './rules.ts';

const RENAMED = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", { name: "@authenticated", as: "@signedIn" }, { name: "@requiresScopes", as: "@scoped" }, "@policy"])
  directive @authenticated on FIELD_DEFINITION
  type Query { me: String @signedIn other: String @authenticated report: Secret @scoped(scopes: [["a"]]) }
  scalar Secret @policy(policies: [["b"]])`;

const supergraph = () => parse(composed({ one: RENAMED }).supergraphSdl, { noLocation: true });

it('finds the directives whatever an SDL calls them', () => {
  const { authenticated, requiresScopes } = namesIn(supergraph());
  expect([authenticated, requiresScopes]).toEqual(['signedIn', 'scoped']);
  const { rules, ofField } = authorisationOf(supergraph());
  const of = (field: string) => rules.filter((_, index) => ofField('Query', field).has(index));
  expect(of('me')).toEqual([{ kind: 'authenticated' }]);
  expect(of('other')).toEqual([]);
  expect(of('report')).toEqual([
    { kind: 'scopes', anyOf: [['a']] },
    { kind: 'policies', anyOf: [['b']] },
  ]);
});

it('leaves nothing of them in what the planner gets', () => {
  const text = print(withoutAuthorisation(supergraph()));
  expect(text).not.toMatch(/@(signedIn|scoped|policy)|specs.apollo.dev\/(authenticated|requiresScopes|policy)|Scope|Policy/);
});

it('is the document itself where there are none', () => {
  const document = parse(composed({ one: 'type Query { me: String }' }).supergraphSdl);
  expect(withoutAuthorisation(document)).toBe(document);
});

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@authenticated"])';
const OWNER = `${LINK} type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! inner: Inner } type Inner { secret: Int @authenticated }`;
const ASKER = (guard: string) =>
  `${LINK} type Thing @key(fields: "id") { id: ID! inner: Inner @external made: Int @requires(fields: "inner { secret }") ${guard} } type Inner { secret: Int @external }`;

it('a field that requires a guarded one has to say so to compose, and is guarded also where composition did not ask', () => {
  expect(() => composed({ owner: OWNER, asker: ASKER('') })).toThrow(/does not specify necessary @authenticated/);
  const { supergraphSdl } = composed({ owner: OWNER, asker: ASKER('@authenticated') });
  const unsaid = supergraphSdl.replace(/(made: Int @join__field\([^)]*\)) @authenticated/, '$1');
  expect(unsaid).not.toBe(supergraphSdl);
  const { rules, ofField } = authorisationOf(parse(unsaid));
  expect([...ofField('Thing', 'made')].map((index) => rules[index])).toEqual([{ kind: 'authenticated' }]);
});
