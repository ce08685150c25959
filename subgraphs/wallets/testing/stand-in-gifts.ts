import { json } from 'node:stream/consumers';
import { standIn } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';

export interface Call {
  readonly mutation: 'issue' | 'activate' | 'void';
  readonly accountId: string;
  readonly exchangeId: string;
  readonly giftItemId?: string;
  readonly points?: number;
  readonly idempotencyKey: string;
}

/**
 * OUT answers 503, SILENT never, LOST does as it is told and never says so; LOST_ONCE loses its first answer, and then says that nothing is left;
 * NOT_ACTIVATED issues, and is out afterwards; any other is the code that it refuses to issue with.
 */
export type Mood =
  | ('ISSUED' | 'OUT' | 'SILENT' | 'LOST' | 'LOST_ONCE' | 'NOT_ACTIVATED')
  | ('SOLD_OUT' | 'NOT_FOUND' | 'PRICE_CHANGED' | 'EXCHANGE_VOIDED' | 'FORBIDDEN');

const ISSUES = new Set<Mood>(['ISSUED', 'LOST', 'LOST_ONCE', 'NOT_ACTIVATED']);

/** What stands where the gifts context is called. One gift for an exchange, and a void that comes first is kept. */
export async function standInGifts() {
  const calls: Call[] = [];
  const made = new Map<string, { readonly id: string; readonly status: string }>();
  const moods = new Map<string, Mood>();
  const says: { now: Mood; before?: ((call: Call) => Promise<unknown>) | undefined } = { now: 'ISSUED' };

  /** Answers the code of a refusal. */
  function act({ mutation, exchangeId }: Call, mood: Mood): string | undefined {
    const gift = made.get(exchangeId);
    if (mutation === 'void') {
      if (gift?.status === 'ACTIVE') return 'ALREADY_ACTIVE';
      made.set(exchangeId, { id: gift?.id ?? uuidv7(), status: 'VOIDED' });
    } else if (gift?.status === 'VOIDED') return 'EXCHANGE_VOIDED';
    else if (mutation === 'activate') {
      if (!gift) return 'NOT_FOUND';
      made.set(exchangeId, { ...gift, status: 'ACTIVE' });
    } else if (!gift) {
      if (!ISSUES.has(mood)) return mood;
      made.set(exchangeId, { id: uuidv7(), status: 'ISSUED' });
    }
    return undefined;
  }

  const server = await standIn(async (request, response) => {
    const { query, variables } = (await json(request)) as { query: string; variables: { input: Omit<Call, 'mutation'> } };
    const name = /\b(issueGift|activateGift|voidGift)\b/.exec(query)?.[1] ?? '';
    const call: Call = { mutation: name.replace('Gift', '') as Call['mutation'], ...variables.input };
    const { accountId, exchangeId } = call;
    const first = !calls.some((known) => known.exchangeId === exchangeId && known.mutation === call.mutation);
    calls.push(call);
    await says.before?.(call);
    const mood = moods.get(accountId) ?? says.now;
    response.setHeader('content-type', 'application/json');
    if (mood === 'OUT' || (mood === 'NOT_ACTIVATED' && call.mutation === 'activate')) return response.writeHead(503).end();
    if (mood === 'SILENT') return;
    const code = mood === 'LOST_ONCE' && call.mutation === 'issue' && !first ? 'SOLD_OUT' : act(call, mood);
    if (mood === 'LOST') return;
    if (mood === 'LOST_ONCE' && call.mutation === 'issue' && first) return void request.socket.destroy();
    if (code) return response.end(JSON.stringify({ data: null, errors: [{ message: code, extensions: { code } }] }));
    response.end(JSON.stringify({ data: { [name]: { id: made.get(exchangeId)?.id } } }));
  });

  return {
    ...server,
    says,
    /** What it says to one account, whatever it says to the others. */
    moods,
    calls,
    /** Gifts by their exchange. */
    made,
  };
}
