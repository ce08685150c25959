import type { Answer } from '../system/client.ts';
import { APPLY, type Applied, flawOf, isPaid, newOrder } from '../system/textbooks.ts';
import type { Scenario, Verdict } from './scenario.ts';

/** Somebody applies for something; done is what has been paid. */
export const apply: Scenario = ({ people, books = [] }) => {
  let turn = 0;
  return () => {
    const person = people[turn++ % people.length];
    if (!person) throw new Error('nobody applies');
    const ordered = newOrder(books);
    return {
      token: person.token,
      body: JSON.stringify({ query: APPLY, variables: { input: ordered.order } }),
      judge(answer): Verdict {
        const { data, errors } = answer as Answer<{ applyForTextbook: Applied }>;
        if (!data || errors) return { kind: 'refused', code: errors?.[0]?.extensions?.code ?? 'NO_DATA' };
        const { id, status, amount } = data.applyForTextbook;
        const why = flawOf(data.applyForTextbook, ordered);
        if (why !== undefined) return { kind: 'wrong', why };
        if (isPaid({ status })) return { kind: 'done', kept: { id, accountId: person.accountId, amount, status } };
        if (status === 'PAYMENT_DEFERRED') return { kind: 'deferred', kept: { id, accountId: person.accountId, amount, status } };
        return { kind: 'wrong', why: `status ${status}` };
      },
    };
  };
};
