import type { FieldDefinitionNode } from 'graphql';
import { argument, type Composite, fieldsOf, namedOf, type Remark, type Rule, type Subject, written } from './sdl.ts';

const PAGE_INFO = { hasNextPage: 'Boolean!', hasPreviousPage: 'Boolean!', startCursor: 'String', endCursor: 'String' };

function missing(type: Composite, wanted: Readonly<Record<string, string>>): Remark[] {
  return Object.entries(wanted).flatMap(([name, form]): Remark[] => {
    const field = type.fields?.find((it) => it.name.value === name);
    const of = `${type.name.value}.${name}`;
    if (!field) return [{ node: type, of, message: `${type.name.value} has no ${name}`, mend: `add ${name}: ${form}` }];
    return written(field.type) === form ? [] : [{ node: field, of, message: `${of} is ${written(field.type)}`, mend: `let it be ${form}` }];
  });
}

/** What is called a connection is one, as Relay has them. */
export const connections: Rule = {
  name: 'connection',
  look: ({ types }) =>
    types.flatMap((type) => {
      const name = type.name.value;
      if (name === 'PageInfo') return missing(type, PAGE_INFO);
      if (name.endsWith('Connection')) return missing(type, { edges: `[${name.replace(/Connection$/, 'Edge')}!]!`, pageInfo: 'PageInfo!' });
      if (name.endsWith('Edge')) return missing(type, { node: `${name.replace(/Edge$/, '')}!`, cursor: 'String!' });
      return [];
    }),
};

/** A field that answers with a page can be asked for the next one. */
export const paging: Rule = {
  name: 'paging',
  look: ({ types }) => types.flatMap((type) => (type.fields ?? []).flatMap((field) => pages(type, field))),
};

function pages(type: Composite, field: FieldDefinitionNode): Remark[] {
  if (!namedOf(field.type).endsWith('Connection')) return [];
  const of = `${type.name.value}.${field.name.value}`;
  return Object.entries({ first: 'Int', after: 'String' })
    .filter(([name, form]) => {
      const given = argument(field, name);
      return !given || written(given.type) !== form;
    })
    .map(([name, form]) => ({
      node: field,
      of,
      message: `${of} answers with a page and does not take ${name}: ${form}`,
      mend: `add the argument ${name}: ${form}`,
    }));
}

/** A list of things that have an id grows: it comes in pages. */
export const lists: Rule = {
  name: 'list-in-pages',
  look: (subject) => {
    const things = new Set(
      subject.types.filter(({ fields = [] }) => fields.some(({ name }) => name.value === 'id')).map(({ name }) => name.value),
    );
    return subject.types.flatMap((type) =>
      (type.fields ?? [])
        .filter((field) => written(field.type).startsWith('[') && things.has(namedOf(field.type)))
        .map((field) => ({
          node: field,
          of: `${type.name.value}.${field.name.value}`,
          message: `${type.name.value}.${field.name.value} answers with all ${namedOf(field.type)}s at once`,
          mend: `let it answer with a ${namedOf(field.type)}Connection, and take first and after`,
        })),
    );
  },
};

/** Whoever was away can ask for what was missed: `after` takes the `cursor` of the last event that was seen. */
export const subscriptions: Rule = {
  name: 'subscription-cursor',
  look: (subject) => fieldsOf(subject, 'Subscription').flatMap((field) => resumes(subject, field)),
};

function resumes({ types }: Subject, field: FieldDefinitionNode): Remark[] {
  const of = `Subscription.${field.name.value}`;
  const after = argument(field, 'after');
  const told = types.find(({ name }) => name.value === namedOf(field.type));
  const remarks: Remark[] = [];
  if (!after || written(after.type) !== 'String')
    remarks.push({ node: field, of, message: `${of} cannot be taken up where it broke off`, mend: 'add the argument after: String' });
  if (told && !told.fields?.some(({ name, type }) => name.value === 'cursor' && written(type) === 'String!'))
    remarks.push({
      node: told,
      of: told.name.value,
      message: `${told.name.value} is told by ${of} and has no cursor`,
      mend: 'add cursor: String!',
    });
  return remarks;
}
