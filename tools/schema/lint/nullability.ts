import { Kind, type TypeNode } from 'graphql';
import { type Remark, type Rule, written } from './sdl.ts';

function holdsNothing(type: TypeNode): boolean {
  if (type.kind === Kind.NON_NULL_TYPE) return holdsNothing(type.type);
  if (type.kind !== Kind.LIST_TYPE) return false;
  return type.type.kind !== Kind.NON_NULL_TYPE || holdsNothing(type.type);
}

/** A list has no holes. */
export const listItems: Rule = {
  name: 'list-items',
  look: ({ types, inputs }) =>
    [...types, ...inputs].flatMap(({ name, fields = [] }) =>
      fields
        .filter(({ type }) => holdsNothing(type))
        .map((field) => ({
          node: field.type,
          of: `${name.value}.${field.name.value}`,
          message: `${name.value}.${field.name.value} may have null among its items (${written(field.type)})`,
          mend: 'put an exclamation mark behind the item: [Ticket!]',
        })),
    ),
};

/** An id is always there: without it nothing can be asked about the thing. */
export const ids: Rule = {
  name: 'id',
  look: ({ types }) =>
    types.flatMap(({ name, fields = [] }) =>
      fields
        .filter(({ name: { value }, type }) => value === 'id' && written(type) !== 'ID!')
        .map((field) => ({
          node: field.type,
          of: `${name.value}.id`,
          message: `${name.value}.id is ${written(field.type)}`,
          mend: 'let it be ID!',
        })),
    ),
};

/** A mutation answers with something, or with an error. */
export const mutationResult: Rule = {
  name: 'mutation-result',
  look: ({ types }) =>
    types
      .filter(({ name }) => name.value === 'Mutation')
      .flatMap(({ fields = [] }) => fields)
      .filter(({ type }) => type.kind !== Kind.NON_NULL_TYPE)
      .map(
        (field): Remark => ({
          node: field.type,
          of: `Mutation.${field.name.value}`,
          message: `${field.name.value} may answer null, which says nothing: was it done?`,
          mend: 'put an exclamation mark behind its type; what was refused is an error with a code',
        }),
      ),
};

/** Yes or no; a third answer needs a name of its own. */
export const booleans: Rule = {
  name: 'boolean',
  look: ({ types }) =>
    types.flatMap(({ name, fields = [] }) =>
      fields
        .filter(({ type, description }) => written(type) === 'Boolean' && !/\bnull\b/i.test(description?.value ?? ''))
        .map((field) => ({
          node: field.type,
          of: `${name.value}.${field.name.value}`,
          message: `${name.value}.${field.name.value} is yes, no or null, and does not say what null means`,
          mend: 'let it be Boolean!, or say in its description when it is null',
        })),
    ),
};
