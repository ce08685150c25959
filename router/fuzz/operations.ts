import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isUnionType,
  parse,
  validate,
} from 'graphql';
import type { Random } from './random.ts';
import { inputValue, literal } from './values.ts';

/** An operation as a client sends it. */
export interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | undefined;
}

const DEPTH = 5;
const FIELDS = 30;

/** A random operation that is valid. @returns null when the attempt was not */
export function randomOperation(schema: GraphQLSchema, random: Random): Operation | null {
  const operation = new Attempt(schema, random).operation();
  return validate(schema, parse(operation.query)).length === 0 ? operation : null;
}

class Attempt {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #variables = new Map<string, { readonly type: string; readonly value: unknown; readonly default: string | undefined }>();
  readonly #fragments: string[] = [];
  readonly #spreads: { readonly name: string; readonly on: GraphQLNamedType }[] = [];
  #left = FIELDS;

  constructor(schema: GraphQLSchema, random: Random) {
    this.#schema = schema;
    this.#random = random;
  }

  operation(): Operation {
    const random = this.#random;
    const mutation = this.#schema.getMutationType();
    const subscription = this.#schema.getSubscriptionType();
    const [kind, root] =
      mutation && random.once(10)
        ? (['mutation', mutation] as const)
        : subscription && random.once(10)
          ? (['subscription', subscription] as const)
          : (['query', this.#schema.getQueryType() as GraphQLObjectType] as const);
    const body = kind === 'subscription' ? this.#event(root) : this.#selections(root, 0);
    const named = random.once(3);
    const definitions = [...this.#variables].map(
      ([name, { type, default: given }]) => `$${name}: ${type}${given === undefined ? '' : ` = ${given}`}`,
    );
    const head = `${kind}${named ? ' Named' : ' '}${definitions.length > 0 ? `(${definitions.join(', ')})` : ''}`;
    const another = named && random.once(4) ? ['query Another { __typename }'] : [];
    return {
      query: [`${head} ${body}`, ...this.#fragments, ...another].join('\n'),
      variables: Object.fromEntries([...this.#variables].flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]]))),
      operationName: named ? 'Named' : undefined,
    };
  }

  #event(root: GraphQLObjectType): string {
    return `{ ${this.#field(root, this.#random.of(Object.values(root.getFields())), 1, false)} }`;
  }

  #selections(type: GraphQLCompositeType, depth: number): string {
    const random = this.#random;
    const parts: string[] = [];
    if (isUnionType(type) || random.once(6)) parts.push(random.once(5) ? 'kind: __typename' : '__typename');
    if (depth === 0 && type === this.#schema.getQueryType() && random.once(12)) parts.push(this.#introspection());
    if (!isUnionType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => (depth < DEPTH && this.#left > 0) || !isCompositeType(getNamedType(field.type)),
      );
      for (const field of random.some(fields, depth === 0 ? 1 + random.integer(3) : 1 + random.integer(4)))
        parts.push(this.#field(type, field, depth, true));
    }
    if (depth < DEPTH && this.#left > 0) {
      if (isAbstractType(type))
        for (const each of random.some(this.#within(type), 1 + random.integer(3))) parts.push(this.#inline(each, depth));
      else if (random.once(8)) parts.push(this.#inline(random.of([type, ...type.getInterfaces()]), depth));
      if (random.once(8)) parts.push(this.#spread(type, depth));
    }
    if (parts.length === 0) parts.push('__typename');
    return `{ ${parts.join(' ')} }`;
  }

  /** Types that a fragment on something of that type may have. */
  #within(type: GraphQLCompositeType): GraphQLCompositeType[] {
    if (isObjectType(type)) return [type];
    const possible = this.#schema.getPossibleTypes(type);
    const interfaces = Object.values(this.#schema.getTypeMap()).filter(isInterfaceType);
    const overlapping = interfaces.filter((each) => this.#schema.getPossibleTypes(each).some((member) => possible.includes(member)));
    return [...possible, ...possible, ...overlapping];
  }

  #inline(type: GraphQLCompositeType, depth: number): string {
    const on = this.#random.once(10) ? '' : ` on ${type.name}`;
    return on === '' && !isObjectType(type)
      ? `... on ${type.name} ${this.#selections(type, depth + 1)}`
      : `...${on}${this.#directives()} ${this.#selections(type, depth + 1)}`;
  }

  #spread(type: GraphQLCompositeType, depth: number): string {
    const random = this.#random;
    const known = this.#spreads.filter(({ on }) => on === type);
    if (known.length > 0 && random.once(2)) return `...${random.of(known).name}${this.#directives()}`;
    const name = `Fragment${this.#fragments.length}`;
    const at = this.#fragments.push('') - 1;
    this.#fragments[at] = `fragment ${name} on ${type.name} ${this.#selections(type, depth + 1)}`;
    this.#spreads.push({ name, on: type });
    return `...${name}${this.#directives()}`;
  }

  #field(parent: GraphQLCompositeType, field: GraphQLField<unknown, unknown>, depth: number, conditional: boolean): string {
    const random = this.#random;
    this.#left--;
    const given = field.args.flatMap((argument) => this.#argument(argument) ?? []);
    const own = given.length > 0 || random.once(8);
    const alias = own ? (random.once(60) ? '__proto__' : `${field.name}_${random.integer(given.length > 0 ? 1_000 : 3)}`) : undefined;
    const type = getNamedType(field.type);
    const shared = parent === undefined ? '' : given.length > 0 ? `(${given.join(', ')})` : '';
    const below = isCompositeType(type) ? ` ${this.#selections(type, depth + 1)}` : '';
    return `${alias ? `${alias}: ` : ''}${field.name}${shared}${conditional ? this.#directives() : ''}${below}`;
  }

  #argument(argument: GraphQLArgument): string | undefined {
    const random = this.#random;
    const required = isNonNullType(argument.type) && argument.defaultValue === undefined;
    if (!required && random.once(2)) return undefined;
    const value = inputValue(argument.type, random);
    if (random.once(2)) return `${argument.name}: ${literal(argument.type, value)}`;
    return `${argument.name}: $${this.#variable(String(argument.type), value, literal(argument.type, value))}`;
  }

  #variable(type: string, value: unknown, written: string): string {
    const random = this.#random;
    const name = `v${this.#variables.size}`;
    const nonNull = type.endsWith('!');
    const fallback = !nonNull && random.once(4) ? written : undefined;
    const absent = (fallback !== undefined && random.once(2)) || (!nonNull && random.once(12));
    this.#variables.set(name, { type, value: absent ? undefined : value, default: fallback });
    return name;
  }

  #directives(): string {
    const random = this.#random;
    if (!random.once(9)) return '';
    const one = () => {
      const value = !random.once(3);
      const condition = random.once(3) ? String(value) : `$${this.#condition(value)}`;
      return random.once(2) ? `@include(if: ${condition})` : `@skip(if: ${condition})`;
    };
    const first = one();
    const second = one();
    return random.once(4) && first.slice(0, 4) !== second.slice(0, 4) ? ` ${first} ${second}` : ` ${first}`;
  }

  #condition(value: boolean): string {
    const known = [...this.#variables].filter(([, { type }]) => type === 'Boolean!').map(([name]) => name);
    if (known.length > 1 || (known.length > 0 && this.#random.once(2))) return this.#random.of(known);
    return this.#variable('Boolean!', value, String(value));
  }

  #introspection(): string {
    return this.#random.of([
      '__schema { queryType { name } }',
      'mine: __type(name: "Query") { kind name }',
      '... { __type(name: "Nothing") { name } }',
    ]);
  }
}
