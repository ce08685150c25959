import { TextbookCancellationRequested } from '@madang/applications/events';
import { expect, it } from 'vitest';
import { cancelPayment } from '../payment/commands.ts';
import { cancelPaymentWhenTextbookCancellationRequested } from './cancel-payment-when-textbook-cancellation-requested.ts';

it('cancels the payment of the application, and is a valid command', () => {
  const [data] = TextbookCancellationRequested.examples;
  if (!data) throw new TypeError('no example');
  const input = cancelPaymentWhenTextbookCancellationRequested.then({
    id: 'event-1',
    name: 'TextbookCancellationRequested',
    version: 1,
    context: 'applications',
    aggregate: 'textbook-application',
    key: data.applicationId,
    time: new Date(),
    data,
    correlationId: 'c',
    causationId: undefined,
    traceparent: undefined,
    sequence: 1,
  });
  expect(cancelPayment.parse(input)).toEqual({
    accountId: data.accountId,
    context: 'applications',
    reference: data.applicationId,
    idempotencyKey: 'event-1',
  });
});
