import { expect } from 'vitest';
import type { System } from './system.ts';

interface PaymentRow {
  id: string;
  reference: string;
  status: 'REQUESTED' | 'APPROVED' | 'DECLINED' | 'CANCELLING' | 'CANCELLED';
  amount: number;
  refunded: number;
}

interface LedgerRow {
  idempotencyKey: string;
  entry: 'CHARGE' | 'REFUND' | 'WITHDRAWAL';
  chargeId: string | null;
  amount: number;
  declined: string | null;
}

/** What a payment must have left in the processor's books: won taken, won given back. */
const due = ({ status, amount, refunded }: PaymentRow) => ({
  taken: status === 'APPROVED' || refunded > 0 ? amount : 0,
  givenBack: refunded,
});

/** Compares the processor's ledger with our payments, won by won: charged once, refunded once, nothing that is nobody's. For payments that are settled. */
export async function expectLedgerToEqualPayments({ databases }: System): Promise<void> {
  const ledger = await databases.query<LedgerRow & Record<string, unknown>>('payments', 'SELECT * FROM "SandboxLedger"');
  const payments = await databases.query<PaymentRow & Record<string, unknown>>(
    'payments',
    'SELECT "id"::text, "reference", "status"::text, "amount", "refunded" FROM "Payment"',
  );
  const booked = new Map<string, { taken: number; givenBack: number }>();
  for (const { idempotencyKey, entry, chargeId, amount } of ledger) {
    const [, paymentId = ''] = idempotencyKey.split(':');
    const sums = booked.get(paymentId) ?? { taken: 0, givenBack: 0 };
    if (entry === 'CHARGE' && chargeId !== null) sums.taken += amount;
    if (entry === 'REFUND') sums.givenBack += amount;
    booked.set(paymentId, sums);
  }
  expect(
    [...booked.keys()].filter((id) => !payments.some((payment) => payment.id === id)),
    'entries of no payment',
  ).toEqual([]);
  const nothing = { taken: 0, givenBack: 0 };
  const differences = payments
    .map((payment) => ({ payment: payment.id, status: payment.status, due: due(payment), booked: booked.get(payment.id) ?? nothing }))
    .filter((row) => row.due.taken !== row.booked.taken || row.due.givenBack !== row.booked.givenBack);
  expect(differences, 'payments that the ledger has otherwise').toEqual([]);
}
