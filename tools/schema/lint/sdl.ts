import {
  type ASTNode,
  type ConstDirectiveNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InputValueDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  print,
  type TypeNode,
} from 'graphql';
import type { Sdl } from '../../generate/sdl.ts';
import type { Finding } from '../finding.ts';
import { placeOf } from '../graphql/places.ts';

/** What has output fields. */
export type Composite = ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode;

/** One SDL, ready to be asked. */
export interface Subject {
  readonly sdl: Sdl;
  readonly types: readonly Composite[];
  readonly inputs: readonly InputObjectTypeDefinitionNode[];
  readonly enums: readonly EnumTypeDefinitionNode[];
  /** The root fields of all contexts that are for anybody. */
  readonly publicFields: ReadonlySet<string>;
}

/** What a rule says of a place. */
export interface Remark {
  readonly node: ASTNode;
  /** The coordinate that it is about. */
  readonly of: string;
  readonly message: string;
  readonly mend: string;
}

/** One rule of style; its name is what docs/schema.md has it under. */
export interface Rule {
  readonly name: string;
  look(subject: Subject): Remark[];
}

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

export function subjectOf(sdl: Sdl, publicFields: ReadonlySet<string> = new Set()): Subject {
  const { definitions } = sdl.document;
  return {
    sdl,
    publicFields,
    types: definitions.filter(
      (it): it is Composite =>
        it.kind === Kind.OBJECT_TYPE_DEFINITION || it.kind === Kind.OBJECT_TYPE_EXTENSION || it.kind === Kind.INTERFACE_TYPE_DEFINITION,
    ),
    inputs: definitions.filter((it) => it.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION),
    enums: definitions.filter((it) => it.kind === Kind.ENUM_TYPE_DEFINITION),
  };
}

export function findingOf(rule: Rule, { node, of, message, mend }: Remark): Finding {
  const at = placeOf(node);
  return { check: 'lint', rule: rule.name, severity: 'error', message, for: of, mend, ...(at && { at }) };
}

export function isRoot(type: Composite): boolean {
  return ROOTS.has(type.name.value);
}

/** The fields of a root type, such as `Mutation`. */
export function fieldsOf(subject: Subject, root: string): FieldDefinitionNode[] {
  return subject.types.filter(({ name }) => name.value === root).flatMap(({ fields = [] }) => fields);
}

export function directive(
  node: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  name: string,
): ConstDirectiveNode | undefined {
  return node.directives?.find((it) => it.name.value === name);
}

export function argument(field: FieldDefinitionNode, name: string): InputValueDefinitionNode | undefined {
  return field.arguments?.find((it) => it.name.value === name);
}

/** The name of a type without its lists and exclamation marks. */
export function namedOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedOf(type.type);
}

/** As it is written: `[Ticket!]!`. */
export function written(type: TypeNode): string {
  return print(type);
}
