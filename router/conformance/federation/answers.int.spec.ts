import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type Compatibility, compatibility } from './compatibility.ts';

const ID = { id: 'apollo-federation' };
const product = (selection: string): string => `query ($id: ID!) { product(id: $id) { ${selection} } }`;

describe("a subgraph's answers", () => {
  let world: Compatibility;
  beforeAll(async () => {
    world = await compatibility();
  });
  afterAll(() => world.close());

  const entities = async (selection: string, ...representations: object[]) => {
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`;
    const { data, errors } = await world.askProducts(query, { representations });
    expect(errors).toBeUndefined();
    return data._entities;
  };

  describe('@key', () => {
    it('single: resolves single field @key on User', async () => {
      const email = 'support@apollographql.com';
      expect(await entities('... on User { email name }', { __typename: 'User', email })).toEqual([{ email, name: 'Jane Smith' }]);
    });

    it('multiple: resolves multiple field @key on DeprecatedProduct', async () => {
      const key = { sku: 'apollo-federation-v1', package: '@apollo/federation-v1' };
      expect(await entities('... on DeprecatedProduct { sku package reason }', { __typename: 'DeprecatedProduct', ...key })).toEqual([
        { ...key, reason: 'Migrate to Federation V2' },
      ]);
    });

    it('composite: resolves composite object @key on ProductResearch', async () => {
      const representation = { __typename: 'ProductResearch', study: { caseNumber: '1234' } };
      expect(await entities('... on ProductResearch { study { caseNumber description } }', representation)).toEqual([
        { study: { caseNumber: '1234', description: 'Federation Study' } },
      ]);
    });

    it('repeatable: resolves multiple @key directives on Product', async () => {
      const __typename = 'Product';
      const found = await entities(
        '... on Product { id sku }',
        { __typename, id: 'apollo-federation' },
        { __typename, sku: 'federation', package: '@apollo/federation' },
        { __typename, sku: 'studio', variation: { id: 'platform' } },
      );
      expect(found).toEqual([
        { id: 'apollo-federation', sku: 'federation' },
        { id: 'apollo-federation', sku: 'federation' },
        { id: 'apollo-studio', sku: 'studio' },
      ]);
    });
  });

  test('@provides', async () => {
    const { data, errors } = await world.askProducts(product('createdBy { email totalProductsCreated }'), ID);
    expect(errors).toBeUndefined();
    expect(data.product.createdBy).toEqual({ email: 'support@apollographql.com', totalProductsCreated: expect.any(Number) });
    expect(data.product.createdBy.totalProductsCreated).not.toBe(4);
  });

  test('@requires', async () => {
    const { data, errors } = await world.askRouter(product('createdBy { averageProductsCreatedPerYear email }'), ID);
    expect(errors).toBeUndefined();
    expect(data.product.createdBy).toEqual({
      averageProductsCreatedPerYear: expect.any(Number),
      email: 'support@apollographql.com',
    });
  });

  test('ftv1', async () => {
    const header = { 'apollo-federation-include-trace': 'ftv1' };
    expect(await world.askProducts('query { __typename }', {}, header)).toEqual({
      data: { __typename: 'Query' },
      extensions: { ftv1: expect.any(String) },
    });
    expect(await world.askProducts('query { __typename }')).toEqual({ data: { __typename: 'Query' } });
  });

  test('@inaccessible: should be able to query @inaccessible fields via the products schema directly', async () => {
    expect(await world.askProducts(product('dimensions { unit }'), ID)).toEqual({ data: { product: { dimensions: { unit: 'kg' } } } });
  });

  test('@interfaceObject: verifies @interfaceObject entity returns new fields', async () => {
    const query = 'query ($id: ID!) { inventory(id: $id) { deprecatedProducts { sku reason } } }';
    expect(await world.askRouter(query, { id: 'apollo-oss' })).toEqual({
      data: { inventory: { deprecatedProducts: [{ sku: 'apollo-federation-v1', reason: 'Migrate to Federation V2' }] } },
    });
  });

  test('@override: should return overridden user name', async () => {
    expect(await world.askRouter(product('createdBy { name }'), ID)).toEqual({
      data: { product: { createdBy: { name: 'Jane Smith' } } },
    });
  });

  test('@shareable: should be able to resolve @shareable ProductDimension types', async () => {
    expect(await world.askRouter(product('dimensions { size weight }'), ID)).toEqual({
      data: { product: { dimensions: { size: 'small', weight: 1 } } },
    });
  });

  // Not one of the 23: what the suite's inventory subgraph checks is never asked for there.
  test('@requires of another subgraph, with what is shared', async () => {
    expect(await world.askRouter(product('delivery(zip: "94111") { estimatedDelivery }'), ID)).toEqual({
      data: { product: { delivery: { estimatedDelivery: '5/1/2019' } } },
    });
  });
});
