import type { Plan } from '../load/scenario.ts';
import { Client } from './client.ts';
import { staff } from './people.ts';
import type { System } from './system.ts';
import { sideBySide } from './until.ts';

const PLANS = 'query Plans { cleaningPlans(first: 100) { edges { node { id price } } } }';
const REGISTER = 'mutation Register($input: RegisterKickboardInput!) { registerKickboard(input: $input) { id } }';

/** What can be cleaned. */
export async function plansOf({ url }: Pick<System, 'url'>): Promise<Plan[]> {
  const client = new Client(url, 1);
  const { cleaningPlans } = await client.data<{ cleaningPlans: { edges: { node: Plan }[] } }>(PLANS).finally(() => client.close());
  return cleaningPlans.edges.map(({ node }) => node);
}

/** Puts so many new kickboards on the street. */
export async function kickboardsFor(system: Pick<System, 'url'>, count: number): Promise<string[]> {
  const { token } = await staff(system, 'admin');
  const client = new Client(system.url, 8);
  const run = crypto.randomUUID().slice(0, 8).toUpperCase();
  const numbers = Array.from({ length: count }, (_, index) => index);
  try {
    return await sideBySide(numbers, 8, async (number) => {
      const input = { serial: `BENCH-${run}-${number}`, lat: 37.5 + number / 10_000, lng: 127 };
      const { registerKickboard } = await client.data<{ registerKickboard: { id: string } }>(REGISTER, { input }, token);
      return registerKickboard.id;
    });
  } finally {
    await client.close();
  }
}
