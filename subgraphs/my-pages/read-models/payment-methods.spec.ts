import { describe, expect, it } from 'vitest';
import { describeConverging, shownAfter } from '../testing/converging.ts';
import { ACCOUNT, heard, instantOf } from '../testing/happenings.ts';
import { METHOD_STORIES } from '../testing/stories/payment-methods.ts';
import { paymentMethodsView as view } from './payment-methods.ts';

const METHOD = '01936d5e-0000-7000-8000-0000000000b1';

describeConverging('a payment method that is', view, METHOD_STORIES);

describe('the row of a payment method', () => {
  const changed = METHOD_STORIES['changed, and made the default'] ?? [];

  it('is as it was said last', () => {
    expect(shownAfter(view, changed)).toEqual({
      __typename: 'MyPagePaymentMethod',
      id: METHOD,
      accountId: ACCOUNT,
      status: 'REGISTERED',
      kind: 'CREDIT_CARD',
      maskedNumber: '****-****-****-4444',
      isDefault: true,
      registeredAt: new Date(instantOf(0)),
      updatedAt: new Date(instantOf(2)),
    });
  });

  it('goes when it is removed', () => {
    const { told } = heard(view, METHOD_STORIES.removed ?? []);
    expect(shownAfter(view, METHOD_STORIES.removed)).toBeNull();
    expect(told.map(({ status }) => status)).toEqual(['REGISTERED', 'REGISTERED', 'REGISTERED', 'REMOVED']);
    expect(told.at(-1)).toMatchObject({ view: 'PAYMENT_METHOD', rowId: METHOD });
  });

  it('is not shown before it is known to be registered', () => {
    expect(shownAfter(view, changed.slice(1))).toBeNull();
    expect(shownAfter(view, [...changed.slice(1), ...changed.slice(0, 1)])).toEqual(shownAfter(view, changed));
  });
});
