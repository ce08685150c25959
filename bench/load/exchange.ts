import type { Answer } from '../system/client.ts';
import type { Scenario, Verdict } from './scenario.ts';

interface Exchanged {
  readonly id: string;
  readonly status: string;
  readonly points: number;
}

const EXCHANGE = 'mutation Exchange($input: ExchangeGiftInput!) { exchangeGift(input: $input) { id status points } }';

/** Somebody exchanges points for a gift; done is what has been captured, there is nothing else. */
export const exchange: Scenario = ({ people, giftItem }) => {
  let turn = 0;
  return () => {
    const person = people[turn++ % people.length];
    if (!person || !giftItem) throw new Error('nobody exchanges, or there is nothing to be had');
    return {
      token: person.token,
      body: JSON.stringify({ query: EXCHANGE, variables: { input: { giftItemId: giftItem.id, idempotencyKey: crypto.randomUUID() } } }),
      judge(answer): Verdict {
        const { data, errors } = answer as Answer<{ exchangeGift: Exchanged }>;
        if (!data || errors) return { kind: 'refused', code: errors?.[0]?.extensions?.code ?? 'NO_DATA' };
        const { id, status, points } = data.exchangeGift;
        if (status !== 'CAPTURED') return { kind: 'wrong', why: `status ${status}` };
        if (points !== giftItem.points) return { kind: 'wrong', why: `another price: ${points}` };
        return { kind: 'done', kept: { id, accountId: person.accountId, amount: points, status } };
      },
    };
  };
};
