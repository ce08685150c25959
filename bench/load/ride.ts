import type { Answer } from '../system/client.ts';
import type { Scenario, Shot, Verdict } from './scenario.ts';

/** Where a client is: it buys a ticket, rents its kickboard with it, returns it, and begins again. */
type Rider =
  | { readonly next: 'buy' }
  | { readonly next: 'rent'; readonly ticketId: string }
  | { readonly next: 'return'; readonly rentalId: string };

interface Told {
  readonly id: string;
  readonly status: string;
}

const BUY = 'mutation Buy($input: PurchaseTicketInput!) { step: purchaseTicket(input: $input) { id status } }';
const RENT = 'mutation Rent($input: RentKickboardInput!) { step: rentKickboard(input: $input) { id status kickboard { status } } }';
const RETURN = 'mutation Return($input: ReturnKickboardInput!) { step: returnKickboard(input: $input) { id status } }';

const WANTED = { buy: 'AVAILABLE', rent: 'RENTED', return: 'RETURNED' } as const;

/** Every client rides a kickboard of its own; each step is one request, and done when it led to the status that it should. */
export const ride: Scenario = ({ people, kickboards = [] }) => {
  const riders = new Map<number, Rider>();
  let turn = 0;
  return (client): Shot => {
    const person = people[client % people.length];
    const kickboardId = kickboards[client];
    if (!person || !kickboardId) throw new Error('each client needs a kickboard of its own');
    const rider = riders.get(client) ?? { next: 'buy' };
    const key = crypto.randomUUID();
    const place = { lat: 37.5 + (turn++ % 1_000) / 10_000, lng: 127 + (turn % 777) / 10_000 };
    const [query, input] =
      rider.next === 'buy'
        ? [BUY, { type: turn % 3 === 0 ? 'ONE_DAY' : 'ONE_HOUR', phone: `010-${1_000 + (turn % 9_000)}-5678`, idempotencyKey: key }]
        : rider.next === 'rent'
          ? [RENT, { kickboardId, ticketId: rider.ticketId, idempotencyKey: key }]
          : [RETURN, { rentalId: rider.rentalId, ...place }];
    return {
      token: person.token,
      body: JSON.stringify({ query, variables: { input } }),
      judge(answer): Verdict {
        const { data, errors } = answer as Answer<{ step: Told }>;
        if (!data || errors) {
          // A ticket whose rental was refused is still good; what was to be returned still is.
          return { kind: 'refused', code: `${rider.next} ${errors?.[0]?.extensions?.code ?? 'NO_DATA'}` };
        }
        const { id, status } = data.step;
        if (status !== WANTED[rider.next]) return { kind: 'wrong', why: `${rider.next}: status ${status}` };
        riders.set(
          client,
          rider.next === 'buy'
            ? { next: 'rent', ticketId: id }
            : rider.next === 'rent'
              ? { next: 'return', rentalId: id }
              : { next: 'buy' },
        );
        return { kind: 'done', ...(rider.next === 'rent' ? { kept: { id, accountId: person.accountId, amount: 0, status } } : {}) };
      },
    };
  };
};
