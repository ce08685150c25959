import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  getNamedType,
  isCompositeType,
  isNonNullType,
  isScalarType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';
import type { Engine, Variables } from '../engine.ts';
import { clientVariable } from '../names.ts';
import type { Prepared, SubscriptionSource } from '../prepare.ts';

/** A subscription, planned. */
export type Subscribed = Prepared & { readonly source: SubscriptionSource };

export const isSubscribed = (operation: Prepared): operation is Subscribed => operation.source !== null;

/**
 * How a subscription goes on where it was interrupted: its field takes `after`, and what it tells has a `cursor`, both strings. The cursor is asked for
 * also where the client has not selected it.
 */
export interface Resumable {
  /** What the subgraph is asked instead of the source's query: with {@link AFTER}, and the cursor in any case. */
  readonly query: string;
  /** The variable by which the client says where to begin, if that is all that the operation uses it for. */
  readonly afterVariable: string | undefined;
  /** Where the client wants to begin. */
  begin(variables: Variables): string | undefined;
  cursorOf(data: unknown): string | undefined;
}

/** The variable with which the subgraph is told where to go on. */
export const AFTER = 'madang__after';
const CURSOR = 'madang__cursor';
const TEXTS = new Set(['String', 'ID']);

const isText = (type: unknown): boolean => isScalarType(type) && TEXTS.has(type.name);

/** Null for a subscription whose field has no `after`, or whose events have no `cursor` of the same subgraph. */
export function resumable(engine: Engine, operation: Subscribed): Resumable | null {
  const document = parse(operation.source.query);
  const definition = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  const [root] = definition?.selectionSet.selections ?? [];
  if (!definition || root?.kind !== Kind.FIELD) return null;
  const field = engine.schema.getSubscriptionType()?.getFields()[root.name.value];
  const argument = field?.args.find(({ name }) => name === 'after');
  if (!field || !argument || !isText(argument.type) || !tells(engine, field)) return null;
  const key = root.alias?.value ?? root.name.value;
  const given = root.arguments?.find(({ name }) => name.value === 'after');
  return {
    query: print({
      ...document,
      definitions: document.definitions.map((each) => (each === definition ? asked(definition, root, argument) : each)),
    }),
    afterVariable: ownVariable(operation, given),
    begin: (variables) => beginning(operation, given, variables),
    cursorOf(data) {
      const event = (data as Readonly<Record<string, unknown>> | null | undefined)?.[key];
      const cursor = (event as Readonly<Record<string, unknown>> | null | undefined)?.[CURSOR];
      return typeof cursor === 'string' ? cursor : undefined;
    },
  };
}

/** Whether the subgraph that has the field has the cursor, too. */
function tells(engine: Engine, { name, type, args }: GraphQLField<unknown, unknown>): boolean {
  const payload = getNamedType(type);
  if (!isCompositeType(payload) || !('getFields' in payload)) return false;
  const cursor = payload.getFields().cursor?.type;
  if (cursor === undefined || !isText(isNonNullType(cursor) ? cursor.ofType : cursor)) return false;
  const needed = args.filter(({ type: of, defaultValue }) => isNonNullType(of) && defaultValue === undefined);
  const definitions = needed.map((each) => `$${each.name}: ${each.type}`).join(' ');
  const values = needed.map((each) => `${each.name}: $${each.name}`).join(' ');
  const planned = engine.prepare(
    `subscription ${definitions && `(${definitions})`} { ${name} ${values && `(${values})`} { cursor } }`,
    undefined,
    true,
  );
  return 'plan' in planned && planned.plan.steps.length === 0;
}

function asked(definition: OperationDefinitionNode, root: FieldNode, argument: GraphQLArgument): OperationDefinitionNode {
  const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
  const variable = { kind: Kind.VARIABLE, name: name(AFTER) } as const;
  const kept = (root.arguments ?? []).filter((each) => each.name.value !== 'after');
  const field: FieldNode = {
    ...root,
    arguments: [...kept, { kind: Kind.ARGUMENT, name: name('after'), value: variable }],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: [...(root.selectionSet?.selections ?? []), { kind: Kind.FIELD, name: name('cursor'), alias: name(CURSOR) }],
    },
  };
  const used = new Set<string>();
  visit(field, { Variable: (node) => void used.add(node.name.value) });
  return {
    ...definition,
    variableDefinitions: [
      ...(definition.variableDefinitions ?? []).filter((each) => used.has(each.variable.name.value)),
      { kind: Kind.VARIABLE_DEFINITION, variable, type: { kind: Kind.NAMED_TYPE, name: name(String(argument.type)) } },
    ],
    selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
  };
}

function ownVariable({ source, names }: Subscribed, given: ArgumentNode | undefined): string | undefined {
  if (given?.value.kind !== Kind.VARIABLE) return undefined;
  const name = given.value.name.value;
  let uses = 0;
  visit(source.document, {
    VariableDefinition: () => false,
    Variable: (node) => void (node.name.value === name && uses++),
  });
  return uses === 1 ? clientVariable(name, names) : undefined;
}

function beginning({ variables: definitions, names }: Prepared, given: ArgumentNode | undefined, variables: Variables): string | undefined {
  // The planner writes an ID that is a number as one.
  if (given?.value.kind === Kind.STRING || given?.value.kind === Kind.INT) return given.value.value;
  if (given?.value.kind !== Kind.VARIABLE) return undefined;
  const name = clientVariable(given.value.name.value, names);
  const value = variables[name];
  if (value !== undefined) return value === null ? undefined : String(value);
  const byDefault = definitions.find(({ variable }) => variable.name.value === name)?.defaultValue;
  return byDefault?.kind === Kind.STRING || byDefault?.kind === Kind.INT ? byDefault.value : undefined;
}
