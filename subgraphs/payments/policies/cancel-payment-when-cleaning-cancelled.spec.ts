import { CleaningCancelled } from '@madang/cleanings/events';
import type { Received } from '@madang/kernel/domain';
import { expect, it } from 'vitest';
import { cancelPayment } from '../payment/commands.ts';
import { cancelPaymentWhenCleaningCancelled } from './cancel-payment-when-cleaning-cancelled.ts';

it('cancels what the reservation was paid with, once for each cancelled cleaning', () => {
  const [data] = CleaningCancelled.examples;
  const received = { id: '01936d5e-0000-7000-8000-00000000ffff', context: 'cleanings', data } as Received<never>;
  const input = cancelPaymentWhenCleaningCancelled.then(received);
  expect(cancelPayment.parse(input)).toEqual({
    accountId: data?.accountId,
    context: 'reservations',
    reference: data?.reservationId,
    idempotencyKey: received.id,
  });
});
