import type { DocumentNode, GraphQLSchema } from 'graphql';
import { usageOf } from '../operations/usage.ts';

/** Who uses what of a schema. */
export type Users = (coordinates: readonly string[]) => string[];

/** Looks up the operations that use any of some coordinates. */
export function usersOf(
  schema: GraphQLSchema,
  operations: readonly { readonly title: string; readonly document: DocumentNode | undefined }[],
): Users {
  const used = new Map<string, Set<string>>();
  for (const { title, document } of operations) {
    if (!document) continue;
    for (const coordinate of usageOf(document, schema)) used.set(coordinate, (used.get(coordinate) ?? new Set()).add(title));
  }
  return (coordinates) => [...new Set(coordinates.flatMap((it) => [...(used.get(it) ?? [])]))];
}

interface Described {
  readonly type: string;
  readonly path?: string | undefined;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** What somebody must use for a change to reach them, as coordinates of the old schema. */
export function reachOf({ type, path = '', meta }: Described): string[] {
  const field = `${meta.typeName}.${meta.fieldName}`;
  switch (type) {
    case 'FIELD_ARGUMENT_ADDED':
      return [field];
    case 'FIELD_ARGUMENT_REMOVED':
      return [`${field}(${meta.removedFieldArgumentName ?? path.split('.').at(-1)}:)`];
    case 'FIELD_ARGUMENT_TYPE_CHANGED':
      // Who leaves an argument out is reached as well when it becomes required.
      return String(meta.newArgumentType).endsWith('!') && !String(meta.oldArgumentType).endsWith('!')
        ? [field]
        : [`${field}(${meta.argumentName}:)`];
    case 'ENUM_VALUE_ADDED':
      return [`${meta.enumName}`];
    case 'INPUT_FIELD_ADDED':
      return [`${meta.inputName}`];
    case 'INPUT_FIELD_TYPE_CHANGED':
      return String(meta.newInputFieldType).endsWith('!') ? [`${meta.inputName}`] : [path];
    default:
      return [path];
  }
}

/** The coordinate as it is written for an argument: `Query.payments(first:)`. */
export function coordinateOfChange({ type, path = '' }: Described): string {
  const [owner, field, argument] = path.split('.');
  return type.startsWith('FIELD_ARGUMENT') && argument ? `${owner}.${field}(${argument}:)` : path;
}
