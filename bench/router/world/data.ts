/** How much there is of everything; large enough that no two requests in flight ask for the same. */
export const USERS = 600;
export const PRODUCTS = 240;

const REVIEWS_OF_USER = 3;
const REVIEWS = USERS * REVIEWS_OF_USER;
const WORDS = ['sturdy', 'light', 'as promised', 'late but fine', 'not for me', 'would buy again', 'smaller than it looks', 'a gift'];

const user = (n: number) => ({
  __typename: 'User',
  id: `u${n}`,
  name: `Person ${n}`,
  username: `person-${n}`,
  reviews: () => Array.from({ length: REVIEWS_OF_USER }, (_, i) => review(n * REVIEWS_OF_USER + i)),
});

const product = (n: number) => ({
  __typename: 'Product',
  upc: `p${n}`,
  name: `Product ${n} ${WORDS[n % WORDS.length]}`,
  price: 10 + ((n * 37) % 990),
  weight: 1 + ((n * 13) % 60),
  inStock: n % 3 !== 0,
  reviews: () => reviewsOf(n),
});

const review = (n: number): object => ({
  id: `r${n}`,
  body: `${WORDS[n % WORDS.length]}, ${WORDS[(n * 7 + 3) % WORDS.length]}`,
  author: () => user(Math.floor(n / REVIEWS_OF_USER)),
  product: () => product((n * 31) % PRODUCTS),
});

const INVERSE = Array.from({ length: PRODUCTS }, () => [] as number[]);
for (let n = 0; n < REVIEWS; n++) INVERSE[(n * 31) % PRODUCTS]?.push(n);
const reviewsOf = (n: number): object[] => (INVERSE[n] ?? []).map(review);

const numberOf = (id: string): number => Number(id.slice(1));
const estimate = ({ price, weight }: { price: number; weight: number }): number => (price > 500 ? 0 : Math.round(weight / 2));

export const userOf = (id: string) => user(numberOf(id));
export const productOf = (upc: string) => product(numberOf(upc));
export const productsAt = (skip: number, first: number) => Array.from({ length: first }, (_, i) => product((skip + i) % PRODUCTS));

type Representation = { readonly id: string; readonly upc: string; readonly price: number; readonly weight: number };

/** As graphql-js answers over all of it at once: the truth that gateways are compared with. */
export const root = {
  user: ({ id }: { id: string }) => userOf(id),
  products: ({ skip, first }: { skip: number; first: number }) => productsAt(skip, first),
};
/** A product with what inventory makes of other subgraphs' fields. */
export const whole = { shippingEstimate: estimate };

/** Resolvers of each subgraph, but for subscriptions. */
export const resolvers = {
  accounts: {
    Query: { user: (_: unknown, { id }: { id: string }) => userOf(id) },
    User: { __resolveReference: ({ id }: Representation) => userOf(id) },
  },
  products: {
    Query: { products: (_: unknown, { skip, first }: { skip: number; first: number }) => productsAt(skip, first) },
    Product: { __resolveReference: ({ upc }: Representation) => productOf(upc) },
  },
  inventory: {
    // What the gateway has sent, not what is known: a gateway that sends wrong numbers is found out.
    Product: {
      __resolveReference: ({ upc, price, weight }: Representation) => ({
        ...productOf(upc),
        price,
        weight,
        shippingEstimate: estimate({ price, weight }),
      }),
    },
  },
  reviews: {
    User: { __resolveReference: ({ id }: Representation) => userOf(id) },
    Product: { __resolveReference: ({ upc }: Representation) => productOf(upc) },
    Review: { __resolveReference: ({ id }: Representation) => review(numberOf(id)) },
  },
};
