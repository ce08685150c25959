import { describe, expect, it } from 'vitest';
import { heard, instantOf, story } from '../testing/stories.ts';
import { paymentMethodsView as view } from './payment-methods.ts';

const METHOD = '01936d5e-0000-7000-8000-0000000000b1';
const removed = story(
  ['PaymentMethodRegistered', { maskedNumber: '****-****-****-4242', isDefault: false }],
  ['PaymentMethodChanged', { maskedNumber: '****-****-****-4242', isDefault: true, change: 'DEFAULT' }],
  ['PaymentMethodChanged', { maskedNumber: '****-****-****-4444', isDefault: true, change: 'NUMBER' }],
  ['PaymentMethodRemoved', { maskedNumber: '****-****-****-4444' }],
);
const changed = removed.slice(0, 3);

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) return yield [];
  for (const [at, item] of items.entries()) for (const rest of permutations(items.toSpliced(at, 1))) yield [item, ...rest];
}

const shown = (happenings: typeof changed) => {
  const { row } = heard(view, happenings);
  return row && view.shown(row);
};

describe('the row of a payment method', () => {
  it('is as it was said last', () => {
    expect(shown(changed)).toEqual({
      __typename: 'MyPagePaymentMethod',
      id: METHOD,
      accountId: '01900000-0000-7000-8000-000000000001',
      status: 'REGISTERED',
      kind: 'CREDIT_CARD',
      maskedNumber: '****-****-****-4444',
      isDefault: true,
      registeredAt: new Date(instantOf(0)),
      updatedAt: new Date(instantOf(2)),
    });
  });

  it('goes when it is removed', () => {
    const { row, told } = heard(view, removed);
    expect(row && view.shown(row)).toBeNull();
    expect(told.map(({ status }) => status)).toEqual(['REGISTERED', 'REGISTERED', 'REGISTERED', 'REMOVED']);
    expect(told.at(-1)).toMatchObject({ view: 'PAYMENT_METHOD', rowId: METHOD });
  });

  it.each([
    ['changed', changed],
    ['removed', removed],
  ])('comes to the same in whatever order it is heard: %s', (_, happenings) => {
    const expected = heard(view, happenings).row;
    for (const order of permutations(happenings)) expect(heard(view, [...order, ...order]).row).toEqual(expected);
  });

  it('is not shown before it is known to be registered', () => {
    expect(shown(changed.slice(1))).toBeNull();
    expect(shown([...changed.slice(1), ...changed.slice(0, 1)])).toEqual(shown(changed));
  });
});
