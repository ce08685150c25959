import { type DefinitionNode, type FieldDefinitionNode, parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type Compatibility, compatibility, reference } from './compatibility.ts';

const TYPES = [
  'CaseStudy',
  'DeprecatedProduct',
  'Product',
  'ProductDimension',
  'ProductResearch',
  'ProductVariation',
  'User',
  'Query',
] as const;

const LINK = /@link\(([\s\S]+?)\)/g;
const IMPORTED = [
  '@composeDirective',
  '@extends',
  '@external',
  '@inaccessible',
  '@interfaceObject',
  '@key',
  '@override',
  '@provides',
  '@requires',
  '@shareable',
  '@tag',
  'FieldSet',
];

const fieldsOf = (definitions: readonly DefinitionNode[], type: string): FieldDefinitionNode[] =>
  definitions.flatMap((one) =>
    (one.kind === 'ObjectTypeDefinition' || one.kind === 'ObjectTypeExtension') && one.name.value === type ? (one.fields ?? []) : [],
  );

/** `name(argument: Type): Type` of each field. */
const signatures = (fields: readonly FieldDefinitionNode[]): string[] =>
  fields.map(({ name, type, arguments: args = [] }) => {
    const given = args.map((one) => `${one.name.value}: ${print(one.type)}`);
    return `${name.value}(${given}): ${print(type)}`;
  });

const importsOf = (link: string): string[] => (/import:\[(.+?)\]/.exec(link)?.[1] ?? '').replaceAll('"', '').split(' ').filter(Boolean);

describe("a subgraph's SDL", () => {
  let world: Compatibility;
  let text = '';
  let dense = '';
  let links: string[] = [];
  beforeAll(async () => {
    world = await compatibility();
    ({ text, dense } = await world.sdl());
    links = dense.match(LINK) ?? [];
  });
  afterAll(() => world.close());

  test('introspection', () => {
    expect(text).toContain('type Query');
    const { definitions } = parse(text);
    for (const type of TYPES)
      expect(signatures(fieldsOf(definitions, type))).toEqual(expect.arrayContaining(signatures(fieldsOf(reference.definitions, type))));
  });

  test('@link', () => {
    const federation = links.filter((link) => link.includes('https://specs.apollo.dev/federation/v'));
    expect(federation).toHaveLength(1);
    expect(federation[0]).toMatch(/federation\/v2\.[0-3]"/);
    expect(IMPORTED).toEqual(expect.arrayContaining(importsOf(federation[0] ?? '')));
  });

  test('@composeDirective', () => {
    const custom = links.filter((link) => link.includes('https://myspecs.dev/myCustomDirective/v'));
    expect(custom.flatMap(importsOf)).toEqual(['@custom']);
    expect(dense).toMatch(/schema.*(@composeDirective|@federation__composeDirective)\(name:.*"@custom"\)/);
    expect(dense).toMatch(/directive.*@custom on OBJECT/);
    expect(dense).toMatch(/type Product.*@custom.*\{/);
  });

  test('@tag', () => {
    expect(dense).not.toContain('@federation__tag');
    expect(dense).toContain('@tag(name:"internal")');
  });

  describe('@key', () => {
    it('single: applies single field @key on User', () => {
      expect(dense).toMatch(/type User(@extends|@federation__extends)?(@key|@federation__key)\(fields:"email"( resolvable:true)?\)/);
    });
    it('multiple: applies multiple field @key on DeprecatedProduct', () => {
      expect(dense).toMatch(/type DeprecatedProduct(@key|@federation__key)\(fields:"sku package"/);
    });
    it('composite: applies composite object @key on ProductResearch', () => {
      expect(dense).toMatch(/type ProductResearch(@key|@federation__key)\(fields:"study { caseNumber }"/);
    });
    it('repeatable: applies repeatable @key directive on Product', () => {
      expect(dense).toMatch(/type Product.*(@key|@federation__key)\(fields:"id"( resolvable:true)?\).*\{/);
      expect(dense).toMatch(/type Product.*(@key|@federation__key)\(fields:"sku package"( resolvable:true)?\).*variation/);
      expect(dense).toMatch(/type Product.*(@key|@federation__key)\(fields:"sku variation { id }"( resolvable:true)?\).*\{/);
    });
  });

  test('@inaccessible: should return @inaccessible directives in _service sdl', () => {
    expect(dense).not.toContain('@federation__inaccessible');
    expect(dense).toContain('unit:String@inaccessible');
  });

  test('@interfaceObject: verifies schema contains entity type marked as @interfaceObject', () => {
    expect(dense).toMatch(/type Inventory.*(@interfaceObject|@federation__interfaceObject)/);
    expect(dense).toMatch(/type Inventory.*(@key|@federation__key)\(fields:"id"( resolvable:true)?\)/);
  });

  test('@override: should return @override directives in _service sdl', () => {
    expect(dense).toMatch(/(@override|@federation__override)\(from:"users"\)/);
  });

  test('@shareable: should return @shareable directives in _service sdl', () => {
    expect(dense).toMatch(/type ProductDimension(@shareable|@federation__shareable)/);
  });
});
