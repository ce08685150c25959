import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Shop, shop } from './testing/shop.ts';

/** Apollo Server wants of every GET a header that no form and no link can send; these cases send none. All of them are MAYs. */
const WITHOUT_HEADER = new Set(['5A70', 'D6D5', '6A70']);

describe.each(['own', 'apollo'] as const)('GraphQL over HTTP, front %s', (front) => {
  let world: Shop;
  let url = '';
  beforeAll(async () => {
    world = await shop();
    ({ url } = await world.router({}, front));
  });
  afterAll(() => world.close());

  for (const audit of serverAudits({ url: () => url })) {
    it.skipIf(front === 'apollo' && WITHOUT_HEADER.has(audit.id))(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      if (result.status !== 'ok') expect.fail(`${result.status}: ${result.reason}`);
    });
  }
});
