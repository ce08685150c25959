import { afterAll, beforeAll, expect, test } from 'vitest';
import { demo, newCustomer } from '../harness/people.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { eventually } from '../harness/until.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem({ env: PATIENT_EDGES });
});
afterAll(() => system?.stop());

const PURCHASE = `mutation ($input: PurchaseTicketInput!) { purchaseTicket(input: $input) { id status phone payment { id status amount } } }`;
const RENT = `mutation ($input: RentKickboardInput!) { rentKickboard(input: $input) { id status redemption kickboard { id serial } ticket { id status } } }`;
const RETURN = `mutation ($input: ReturnKickboardInput!) { returnKickboard(input: $input) { id status ticket { rental { id returnedAt } } } }`;
const NEAR = `{ kickboards(near: { lat: 37.5663, lng: 126.9779, withinMeters: 2000 }, status: AVAILABLE) { edges { node { id serial } } } }`;
const ME = `{ me { tickets { edges { node { id status rental { id } } } } rentals { edges { node { id status } } }
  myPage { remainingTickets tickets { edges { node { status ticket { id phone } kickboard { serial } } } } }
  messages { edges { node { template body } } } } }`;

interface Me {
  readonly me: {
    readonly myPage: { readonly remainingTickets: number };
    readonly messages: { readonly edges: { readonly node: { readonly template: string } }[] };
  };
}

test('a ticket is bought, a kickboard rented with it and returned; page and messages tell', async () => {
  const customer = await newCustomer(system);
  const { kickboards } = await customer.data<{ kickboards: { edges: { node: { id: string } }[] } }>(NEAR);
  const kickboardId = kickboards.edges[0]?.node.id;
  const { purchaseTicket } = await customer.data<{ purchaseTicket: { id: string } }>(PURCHASE, {
    input: { type: 'ONE_DAY', phone: '010-1234-5678' },
  });
  expect(purchaseTicket).toMatchObject({ status: 'AVAILABLE', phone: '01012345678', payment: { status: 'APPROVED', amount: 2_000 } });
  await eventually(async () => expect((await customer.data<Me>(ME)).me.myPage.remainingTickets).toBe(1));
  const rides = await customer.watch<object>(
    'kickboards',
    'subscription { kickboardRented { status rental { ticket { id status } } kickboard { serial } } }',
  );
  const { rentKickboard } = await customer.data<{ rentKickboard: { id: string } }>(RENT, {
    input: { kickboardId, ticketId: purchaseTicket.id },
  });
  expect(rentKickboard).toMatchObject({ status: 'RENTED', redemption: 'REDEEMED', ticket: { id: purchaseTicket.id, status: 'USED' } });
  expect(
    (await (await demo(system, 'admin')).refusal(`mutation { removeKickboard(input: { kickboardId: "${kickboardId}" }) { id } }`))
      .extensions.code,
  ).toBe('KICKBOARD_RENTED');
  const { returnKickboard } = await customer.data<{ returnKickboard: object }>(RETURN, {
    input: { rentalId: rentKickboard.id, lat: 37.57, lng: 126.98 },
  });
  expect(returnKickboard).toMatchObject({ status: 'RETURNED', ticket: { rental: { id: rentKickboard.id } } });
  await eventually(async () => {
    const { me } = await customer.data<Me>(ME);
    expect(me).toMatchObject({
      tickets: { edges: [{ node: { status: 'USED', rental: { id: rentKickboard.id } } }] },
      rentals: { edges: [{ node: { status: 'RETURNED' } }] },
      myPage: { remainingTickets: 0, tickets: { edges: [{ node: { status: 'USED', kickboard: { serial: 'MD-0001' } } }] } },
    });
    const templates = me.messages.edges.map(({ node }) => node.template);
    for (const template of ['PAYMENT_APPROVED', 'TICKET_PURCHASED', 'KICKBOARD_RENTED', 'KICKBOARD_RETURNED'])
      expect(templates).toContain(template);
    expect(templates).toHaveLength(5);
  });
  expect(rides.all).toMatchObject([{ status: 'RENTED', rental: { ticket: { id: purchaseTicket.id, status: 'USED' } } }]);
  await rides.leave();
}, 60_000);
