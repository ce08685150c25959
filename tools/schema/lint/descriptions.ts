import type { ASTNode, StringValueNode } from 'graphql';
import { directive, isRoot, type Remark, type Rule, type Subject } from './sdl.ts';

type Described = ASTNode & { readonly description?: StringValueNode | undefined };

function* partsOf({ types, inputs, enums }: Subject): Generator<[string, Described]> {
  for (const type of types) {
    const owner = type.name.value;
    if (!isRoot(type)) yield [owner, type];
    for (const field of type.fields ?? []) {
      yield [`${owner}.${field.name.value}`, field];
      for (const argument of field.arguments ?? []) yield [`${owner}.${field.name.value}(${argument.name.value}:)`, argument];
    }
  }
  for (const type of [...inputs, ...enums]) {
    yield [type.name.value, type];
    const parts: readonly (Described & { readonly name: { readonly value: string } })[] =
      ('fields' in type ? type.fields : 'values' in type ? type.values : []) ?? [];
    for (const part of parts) yield [`${type.name.value}.${part.name.value}`, part];
  }
}

/** Everything says what it is. */
export const descriptions: Rule = {
  name: 'description',
  look: (subject) =>
    [...partsOf(subject)]
      .filter(([, { description }]) => !description?.value.trim())
      .map(([of, node]) => ({ node, of, message: `${of} does not say what it is`, mend: 'put a sentence in quotation marks above it' })),
};

/** A mutation says how it may be refused, and what is for other contexts only says so. */
export const refusals: Rule = {
  name: 'refusals',
  look: ({ types }) =>
    types
      .filter(({ name }) => name.value === 'Mutation')
      .flatMap(({ fields = [] }) => fields)
      .filter(({ description }) => description && !/Refused: `[A-Z_]+`/.test(description.value))
      .map((node) => ({
        node,
        of: `Mutation.${node.name.value}`,
        message: `Mutation.${node.name.value} does not say how it may be refused`,
        mend: 'end its description with the codes: Refused: `NOT_FOUND` there is none; `FORBIDDEN`.',
      })),
};

/** What clients do not see is marked for those who read the SDL. */
export const internals: Rule = {
  name: 'internal',
  look: ({ types }) =>
    types
      .filter(({ name }) => name.value === 'Mutation')
      .flatMap(({ fields = [] }) => fields)
      .flatMap((node): Remark[] => {
        const of = `Mutation.${node.name.value}`;
        const says = node.description?.value.trim().startsWith('(internal)') ?? false;
        const is = directive(node, 'inaccessible') !== undefined;
        if (says === is) return [];
        const message = is
          ? `${of} is @inaccessible and its description does not say so`
          : `${of} says that it is internal, and every client can call it`;
        return [
          { node, of, message, mend: is ? 'begin its description with “(internal)”' : 'mark it @inaccessible, or take “(internal)” out' },
        ];
      }),
};
