import type { Answer } from '../system/client.ts';
import type { Scenario, Verdict } from './scenario.ts';

interface Reserved {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly place: string;
}

const RESERVE = 'mutation Reserve($input: ReserveCleaningInput!) { reserveCleaning(input: $input) { id status amount place } }';
const DAY = 86_400_000;

/** Somebody reserves a cleaning; done is what has been paid, there is nothing else. */
export const reserve: Scenario = ({ people, plans = [] }) => {
  let turn = 0;
  return () => {
    const person = people[turn++ % people.length];
    const plan = plans[turn % plans.length];
    if (!person || !plan) throw new Error('nobody reserves, or there is nothing to reserve');
    const place = `서울 강남구 테헤란로 ${turn}, ${1 + (turn % 30)}층`;
    const at = new Date(Date.now() + DAY + turn * 60_000).toISOString();
    return {
      token: person.token,
      body: JSON.stringify({ query: RESERVE, variables: { input: { planId: plan.id, place, at, idempotencyKey: crypto.randomUUID() } } }),
      judge(answer): Verdict {
        const { data, errors } = answer as Answer<{ reserveCleaning: Reserved }>;
        if (!data || errors) return { kind: 'refused', code: errors?.[0]?.extensions?.code ?? 'NO_DATA' };
        const { id, status, amount, place: told } = data.reserveCleaning;
        if (status !== 'RESERVED') return { kind: 'wrong', why: `status ${status}` };
        if (amount !== plan.price || told !== place) return { kind: 'wrong', why: `another plan or place: ${JSON.stringify(data)}` };
        return { kind: 'done', kept: { id, accountId: person.accountId, amount, status } };
      },
    };
  };
};
