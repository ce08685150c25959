import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema, type GraphQLNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType, isUnionType } from 'graphql';
import { expect, test } from 'vitest';
import { root } from '../workspace.ts';

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

function* partsOf(type: GraphQLNamedType): Generator<[string, Described]> {
  if (!ROOTS.has(type.name)) yield [type.name, type];
  if (isEnumType(type)) for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value];
  if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) yield [`${type.name}.${field.name}`, field];
  if (!isObjectType(type) && !isInterfaceType(type)) return;
  for (const field of Object.values(type.getFields())) {
    yield [`${type.name}.${field.name}`, field];
    for (const argument of field.args) yield [`${type.name}.${field.name}(${argument.name}:)`, argument];
  }
}

test('the public API says of every type, field, argument and value what it is', () => {
  const schema = buildSchema(readFileSync(path.join(root, 'schema/api.graphql'), 'utf8'));
  const own = Object.values(schema.getTypeMap()).filter(
    (type) =>
      type.astNode && (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) || isEnumType(type) || isUnionType(type)),
  );
  const parts = own.flatMap((type) => [...partsOf(type)]);
  expect(parts.length).toBeGreaterThan(300);
  expect(parts.filter(([, { description }]) => !description).map(([name]) => name)).toEqual([]);
});
