import { type Happening, story } from '../happenings.ts';

/** What may happen to a payment method. */
export const METHOD_STORIES: Readonly<Record<string, Happening[]>> = {
  'changed, and made the default': story(
    ['PaymentMethodRegistered', { maskedNumber: '****-****-****-4242', isDefault: false }],
    ['PaymentMethodChanged', { maskedNumber: '****-****-****-4242', isDefault: true, change: 'DEFAULT' }],
    ['PaymentMethodChanged', { maskedNumber: '****-****-****-4444', isDefault: true, change: 'NUMBER' }],
  ),
  removed: story(
    ['PaymentMethodRegistered', { maskedNumber: '****-****-****-4242', isDefault: false }],
    ['PaymentMethodChanged', { maskedNumber: '****-****-****-4242', isDefault: true, change: 'DEFAULT' }],
    ['PaymentMethodChanged', { maskedNumber: '****-****-****-4444', isDefault: true, change: 'NUMBER' }],
    ['PaymentMethodRemoved', { maskedNumber: '****-****-****-4444' }],
  ),
};
