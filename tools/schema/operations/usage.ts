import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  Kind,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * What of a schema a document uses, as coordinates: `Payment`, `Payment.status`, `Query.payments(first:)`, `PaymentStatus.APPROVED`, `@include`.
 * What comes in a variable may be anything of its type, and so may the values of an enum that is answered: all of it counts as used.
 */
export function usageOf(document: DocumentNode, schema: GraphQLSchema): Set<string> {
  const used = new Set<string>();
  const info = new TypeInfo(schema);
  const useWhole = (type: GraphQLInputType | undefined) => {
    const named = getNamedType(type);
    if (!named || used.has(`${named.name}.*`)) return;
    used.add(named.name).add(`${named.name}.*`);
    if (isEnumType(named)) for (const { name } of named.getValues()) used.add(`${named.name}.${name}`);
    if (!isInputObjectType(named)) return;
    for (const field of Object.values(named.getFields())) {
      used.add(`${named.name}.${field.name}`);
      useWhole(field.type);
    }
  };
  visit(
    document,
    visitWithTypeInfo(info, {
      Field(node) {
        const parent = info.getParentType()?.name;
        const result = getNamedType(info.getType());
        used.add(`${parent}`).add(`${parent}.${node.name.value}`);
        if (result) used.add(result.name);
        if (isEnumType(result)) for (const { name } of result.getValues()) used.add(`${result.name}.${name}`);
        for (const argument of node.arguments ?? []) used.add(`${parent}.${node.name.value}(${argument.name.value}:)`);
      },
      FragmentDefinition: ({ typeCondition }) => void used.add(typeCondition.name.value),
      InlineFragment: ({ typeCondition }) => void (typeCondition && used.add(typeCondition.name.value)),
      Directive: ({ name }) => void used.add(`@${name.value}`),
      VariableDefinition(node) {
        const type = typeFromAST(schema, node.type as never) as GraphQLInputType | undefined;
        useWhole(type);
      },
      ObjectField(node) {
        const input = getNamedType(info.getParentInputType());
        if (input) used.add(input.name).add(`${input.name}.${node.name.value}`);
      },
      ObjectValue() {
        const input = getNamedType(info.getInputType());
        if (input) used.add(input.name);
      },
      EnumValue(node) {
        const type = getNamedType(info.getInputType());
        if (isEnumType(type)) used.add(type.name).add(`${type.name}.${node.value}`);
      },
    }),
  );
  return used;
}

/** Whether any name in it stands for what only a run would tell. */
export function hasOpenNames(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Name(node, _key, parent) {
      const isValue = parent && !Array.isArray(parent) && 'kind' in parent && parent.kind === Kind.VARIABLE;
      if (node.value.includes('__unknown') && !isValue) found = true;
    },
  });
  return found;
}
