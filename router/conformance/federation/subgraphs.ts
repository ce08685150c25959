import { GraphQLError } from 'graphql';

/** The data that the compatibility tests expect, see `README.md`. */
const dimensions = { size: 'small', weight: 1, unit: 'kg' };
const jane = { email: 'support@apollographql.com', name: 'Jane Smith', totalProductsCreated: 1337, yearsOfEmployment: 10 };
const deprecated = {
  sku: 'apollo-federation-v1',
  package: '@apollo/federation-v1',
  reason: 'Migrate to Federation V2',
  createdBy: jane,
};
const research = [
  { study: { caseNumber: '1234', description: 'Federation Study' }, outcome: null },
  { study: { caseNumber: '1235', description: 'Studio Study' }, outcome: null },
];
const product = (id: string, sku: string, variation: string, of: (typeof research)[number] | undefined) => ({
  id,
  sku,
  package: `@apollo/${sku}`,
  variation: { id: variation },
  dimensions,
  createdBy: jane,
  notes: null,
  research: of ? [of] : [],
});
const all = [product('apollo-federation', 'federation', 'OSS', research[0]), product('apollo-studio', 'studio', 'platform', research[1])];

type ProductKey = { id?: string; sku?: string; package?: string; variation?: { id: string } };
type User = { email: string; totalProductsCreated?: number; yearsOfEmployment?: number };

/** The subgraph under test. */
export const products = {
  Query: {
    product: (_: unknown, { id }: { id: string }) => all.find((one) => one.id === id),
    deprecatedProduct: (_: unknown, key: { sku: string; package: string }) =>
      key.sku === deprecated.sku && key.package === deprecated.package ? deprecated : null,
  },
  Product: {
    __resolveReference: (key: ProductKey) =>
      all.find(
        ({ id, sku, package: name, variation }) =>
          key.id === id || (key.sku === sku && (key.package === name || key.variation?.id === variation.id)),
      ),
  },
  DeprecatedProduct: {
    __resolveReference: ({ sku }: { sku: string }) => (sku === deprecated.sku ? deprecated : null),
  },
  ProductResearch: {
    __resolveReference: ({ study: { caseNumber } }: { study: { caseNumber: string } }) =>
      research.find(({ study }) => study.caseNumber === caseNumber),
  },
  User: {
    __resolveReference: (user: User) => (user.email === jane.email ? { ...jane, ...user } : null),
    averageProductsCreatedPerYear({ totalProductsCreated, yearsOfEmployment }: User) {
      if (!totalProductsCreated || !yearsOfEmployment) throw new GraphQLError('@requires was not heeded');
      return Math.round(totalProductsCreated / yearsOfEmployment);
    },
  },
  Inventory: { __resolveReference: ({ id }: { id: string }) => ({ id, deprecatedProducts: [deprecated] }) },
};

/** What another subgraph says of the same users: other numbers, another name. */
export const users = {
  User: {
    __resolveReference: ({ email }: User) => ({ email, name: 'Apollo Studio Support', totalProductsCreated: 10, yearsOfEmployment: 10 }),
  },
};

const stock = { id: 'apollo-oss', products: [{ id: 'apollo-federation' }] };

export const inventory = {
  Query: { inventory: (_: unknown, { id }: { id: string }) => (id === stock.id ? stock : null) },
  Inventory: { __resolveType: () => 'OpenSourceInventory', __resolveReference: () => stock },
  OpenSourceInventory: { __resolveReference: () => stock },
  Product: {
    delivery({ dimensions: asked }: { dimensions?: { size: string; weight: number } }, { zip }: { zip?: string }) {
      if (asked?.size !== dimensions.size || asked.weight !== dimensions.weight || zip !== '94111')
        throw new GraphQLError('@requires was not heeded');
      return { estimatedDelivery: '5/1/2019', fastestDelivery: '5/1/2019' };
    },
  },
};
