import type { GraphQLSchema } from 'graphql';
import { PRODUCTS, USERS } from './world/data.ts';
import { truth } from './world/world.ts';

/** One way of asking, with all arguments that it is asked with. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  /** Each request's operation is one that the gateway has not seen. */
  readonly fresh: boolean;
  readonly requests: readonly Request[];
}

export interface Request {
  readonly body: string;
  /** Its answer as JSON, without regard to the order of fields. */
  readonly truth: string;
}

/** What stands in a fresh operation where each request has a name of its own. */
export const FRESH = 'fresh0';

// `price` and `weight` are asked for because Mercurius does not fetch what `@requires` wants of a third subgraph unless the client does.
const SMALL = `query Small($id: ID!, $skip: Int!) {
  user(id: $id) { id name reviews { id body product { upc name price weight shippingEstimate } } }
  products(skip: $skip, first: 1) { upc name inStock }
}`;
const LARGE = `query Large($skip: Int!) {
  products(skip: $skip, first: 18) {
    upc name price weight inStock shippingEstimate
    reviews { id body author { id name username reviews { id body product { upc name price weight inStock shippingEstimate } } } }
  }
}`;
const NEW = `query ${FRESH}($id: ID!, $skip: Int!) {
  ${FRESH}: user(id: $id) { id name reviews { id body product { upc name price weight shippingEstimate } } }
  products(skip: $skip, first: 1) { upc name inStock }
}`;

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

/** The queries of the bench, with what has to be answered. */
export function workloads(schema: GraphQLSchema): Workload[] {
  const request = (query: string) => (variables: Record<string, unknown>) => ({
    body: JSON.stringify({ query, variables }),
    truth: JSON.stringify(truth(schema, query, variables)),
  });
  const small = (n: number) => ({ id: `u${n}`, skip: (n * 7) % PRODUCTS });
  return [
    { name: 'small', title: 'small answer, six fetches', fresh: false, requests: upTo(USERS).map(small).map(request(SMALL)) },
    {
      name: 'large',
      title: 'large answer',
      fresh: false,
      requests: upTo(100)
        .map((skip) => ({ skip }))
        .map(request(LARGE)),
    },
    { name: 'new', title: 'the small one, a new operation each time', fresh: true, requests: upTo(200).map(small).map(request(NEW)) },
  ];
}
