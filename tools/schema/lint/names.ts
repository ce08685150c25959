import type { NameNode } from 'graphql';
import { isRoot, namedOf, type Remark, type Rule } from './sdl.ts';

const PASCAL = /^[A-Z][A-Za-z0-9]*$/;
const CAMEL = /^[a-z][A-Za-z0-9]*$/;
const SCREAMING = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

function look(form: RegExp, like: string, name: NameNode, of: string): Remark[] {
  if (form.test(name.value)) return [];
  return [{ node: name, of, message: `“${name.value}” is not written as names of its kind are`, mend: `write it ${like}` }];
}

/** Types PascalCase, fields and arguments camelCase, values SCREAMING_SNAKE. */
export const names: Rule = {
  name: 'naming',
  look: ({ types, inputs, enums }) => [
    ...[...types, ...inputs, ...enums].flatMap(({ name }) => look(PASCAL, 'as PaymentMethod', name, name.value)),
    ...types.flatMap((type) =>
      (type.fields ?? []).flatMap((field) => {
        const of = `${type.name.value}.${field.name.value}`;
        const args = (field.arguments ?? []).flatMap(({ name }) => look(CAMEL, 'as paymentMethod', name, `${of}(${name.value}:)`));
        return [...look(CAMEL, 'as paymentMethod', field.name, of), ...args];
      }),
    ),
    ...inputs.flatMap((type) =>
      (type.fields ?? []).flatMap(({ name }) => look(CAMEL, 'as paymentMethod', name, `${type.name.value}.${name.value}`)),
    ),
    ...enums.flatMap((type) =>
      (type.values ?? []).flatMap(({ name }) => look(SCREAMING, 'as CREDIT_CARD', name, `${type.name.value}.${name.value}`)),
    ),
  ],
};

/** What is given is an `…Input`, what is answered never is. */
export const inputNames: Rule = {
  name: 'input-naming',
  look: ({ types, inputs }) => [
    ...inputs
      .filter(({ name }) => !name.value.endsWith('Input'))
      .map(({ name }) => ({
        node: name,
        of: name.value,
        message: `the input “${name.value}” is not called so`,
        mend: `call it ${name.value}Input`,
      })),
    ...types
      .filter((type) => !isRoot(type) && type.name.value.endsWith('Input'))
      .map(({ name }) => ({
        node: name,
        of: name.value,
        message: `“${name.value}” is answered and called an input`,
        mend: 'call it for what it is',
      })),
  ],
};

/** A mutation takes one argument, `input: <ItsName>Input!`: it can grow without breaking anybody. */
export const mutationInput: Rule = {
  name: 'mutation-input',
  look: ({ types }) =>
    types
      .filter(({ name }) => name.value === 'Mutation')
      .flatMap(({ fields = [] }) => fields)
      .flatMap((field): Remark[] => {
        const name = field.name.value;
        const wanted = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
        const [first, ...others] = field.arguments ?? [];
        if (!first) return [];
        const isSo =
          others.length === 0 && first.name.value === 'input' && first.type.kind === 'NonNullType' && namedOf(first.type) === wanted;
        if (isSo) return [];
        return [
          {
            node: field,
            of: `Mutation.${name}`,
            message: `${name} does not take one input of its own`,
            mend: `let it take (input: ${wanted}!) and nothing else`,
          },
        ];
      }),
};
