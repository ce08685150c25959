import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { uuidv7 } from 'uuidv7';

export interface Bill {
  readonly accountId: string;
  readonly context: string;
  readonly reference: string;
  readonly amount: number;
  readonly orderName: string;
  readonly idempotencyKey: string;
}

type Mood = 'APPROVED' | 'DECLINED' | 'CANCELLED' | 'PAYMENT_METHOD_REQUIRED' | 'FORBIDDEN' | 'OUT' | 'SILENT' | 'LOST';

/** What stands where the payments context is called. One payment for a reference; SILENT never answers, LOST approves and never says so. */
export async function standInPayments() {
  const calls: ({ mutation: 'approve' | 'cancel' } & Bill)[] = [];
  const made = new Map<string, { id: string; status: string; declineReason: string | null }>();
  const moods = new Map<string, Mood>();
  const says: { now: Mood; before?: ((bill: Bill) => Promise<unknown>) | undefined } = { now: 'APPROVED' };

  const server = createServer(async (request, response) => {
    const { query, variables } = (await json(request)) as { query: string; variables: { input: Bill } };
    const { input } = variables;
    const cancelling = query.includes('cancelPayment');
    calls.push({ mutation: cancelling ? 'cancel' : 'approve', ...input });
    await says.before?.(input);
    const mood = moods.get(input.accountId) ?? says.now;
    response.setHeader('content-type', 'application/json');
    const refuse = (code: string) => response.end(JSON.stringify({ data: null, errors: [{ message: code, extensions: { code } }] }));
    if (mood === 'OUT') return response.writeHead(503).end();
    if (mood === 'SILENT') return;
    const payment = made.get(input.reference) ?? {
      id: uuidv7(),
      status: cancelling ? 'CANCELLED' : mood,
      declineReason: mood === 'DECLINED' ? 'INSUFFICIENT_FUNDS' : null,
    };
    if (cancelling) {
      made.set(input.reference, { ...payment, status: 'CANCELLED' });
      return response.end(JSON.stringify({ data: { cancelPayment: { id: payment.id, status: 'CANCELLED' } } }));
    }
    if (mood === 'PAYMENT_METHOD_REQUIRED' || mood === 'FORBIDDEN') return refuse(mood);
    if (mood === 'LOST') {
      made.set(input.reference, { ...payment, status: 'APPROVED' });
      return;
    }
    made.set(input.reference, payment);
    response.end(JSON.stringify({ data: { approvePayment: payment } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    says,
    /** What it says to one account, whatever it says to the others. */
    moods,
    calls,
    /** Payments by reference. */
    made,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
