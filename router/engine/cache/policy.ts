import {
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { Hint, Hints, Scope } from './hints.ts';

/** For how long an answer is good, and for whom. */
export interface CachePolicy {
  /** Seconds. */
  readonly maxAge: number;
  readonly scope: Scope;
}

const ENTITIES = '_entities';
const NONE: Hint = {};

/** Of two policies the one that holds for both. */
export const restricted = (one: CachePolicy, other: CachePolicy): CachePolicy => ({
  maxAge: Math.min(one.maxAge, other.maxAge),
  scope: one.scope === 'PRIVATE' ? one.scope : other.scope,
});

/** The operation in a request to a subgraph; null where it has what the router's requests do not have. */
export function operationIn(query: string): OperationDefinitionNode | null {
  const [operation, ...others] = parse(query, { noLocation: true }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION && others.length === 0 ? operation : null;
}

/** Walks over all that a request may read, whatever `@skip` and `@include` come to. */
function visitFields(
  set: SelectionSetNode | undefined,
  parent: string,
  visit: (field: FieldNode, parent: string) => string | undefined,
  narrowed: (fragment: InlineFragmentNode, parent: string) => void = () => undefined,
): void {
  for (const node of set?.selections ?? []) {
    if (node.kind === Kind.FIELD) {
      if (node.name.value.startsWith('__')) continue;
      const type = visit(node, parent);
      if (type !== undefined) visitFields(node.selectionSet, type, visit, narrowed);
    } else if (node.kind === Kind.INLINE_FRAGMENT) {
      narrowed(node, parent);
      visitFields(node.selectionSet, node.typeCondition?.name.value ?? parent, visit, narrowed);
    }
  }
}

const fieldType = (schema: GraphQLSchema, parent: string, name: string) => {
  const type = schema.getType(parent);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  return field && getNamedType(field.type);
};

/**
 * What Apollo's rules make of the hints of all fields that a query to a subgraph asks for: the shortest `maxAge`, PRIVATE if one is. A root field, and a field of
 * objects, has 0 where neither it nor its type says otherwise; a scalar has its parent's. Of entities their type's hint counts. Null: nothing of it may be kept.
 */
export function policyOf(schema: GraphQLSchema, hints: Hints, operation: OperationDefinitionNode): CachePolicy | null {
  let maxAge = Number.POSITIVE_INFINITY;
  let scope: Scope = 'PUBLIC';
  const restrict = (hint: Hint): void => {
    maxAge = Math.min(maxAge, hint.maxAge ?? maxAge);
    if (hint.scope === 'PRIVATE') scope = 'PRIVATE';
  };
  const rootName = schema.getQueryType()?.name ?? 'Query';

  visitFields(
    operation.selectionSet,
    rootName,
    (node, parent) => {
      const name = node.name.value;
      const isRoot = parent === rootName;
      if (isRoot && name === ENTITIES) return ENTITIES;
      const type = fieldType(schema, parent, name);
      if (!type) {
        maxAge = 0;
        return undefined;
      }
      const ofType = isCompositeType(type) ? (hints.get(type.name) ?? NONE) : NONE;
      const ofField = hints.get(`${parent}.${name}`) ?? NONE;
      const own = ofField.maxAge ?? ofType.maxAge;
      const inherits = own === undefined && (ofField.inheritMaxAge === true || ofType.inheritMaxAge === true || !isCompositeType(type));
      restrict({ maxAge: own ?? (inherits && !isRoot ? undefined : 0), scope: ofField.scope ?? ofType.scope });
      return type.name;
    },
    ({ typeCondition }, parent) => {
      if (parent === ENTITIES) restrict({ maxAge: 0, ...hints.get(typeCondition?.name.value ?? '') });
    },
  );
  return maxAge > 0 && Number.isFinite(maxAge) ? { maxAge, scope } : null;
}

/** A type and, of an interface or a union, the types that it may be. */
export function withPossible(schema: GraphQLSchema, name: string): readonly string[] {
  const type = schema.getType(name);
  return isAbstractType(type) ? [name, ...schema.getPossibleTypes(type).map((possible) => possible.name)] : [name];
}

/** The types of all objects that a request may read below its root fields and entities, those of interfaces and unions included. */
export function typesIn(schema: GraphQLSchema, operation: OperationDefinitionNode): readonly string[] {
  const types = new Set<string>();
  const add = (name: string): void => {
    for (const each of withPossible(schema, name)) types.add(each);
  };
  const root = schema.getRootType(operation.operation)?.name ?? '';
  visitFields(
    operation.selectionSet,
    root,
    ({ name }, parent) => {
      if (parent === root && name.value === ENTITIES) return ENTITIES;
      const type = fieldType(schema, parent, name.value);
      if (!isCompositeType(type)) return undefined;
      add(type.name);
      return type.name;
    },
    ({ typeCondition }, parent) => {
      if (typeCondition && parent !== ENTITIES && parent !== root) add(typeCondition.name.value);
    },
  );
  return [...types];
}
