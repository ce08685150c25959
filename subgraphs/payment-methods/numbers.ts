import { badInput } from '@madang/kernel/domain';
import type { z } from 'zod';
import type { paymentMethodKind } from './events.ts';

export type Kind = z.infer<typeof paymentMethodKind>;

/** A number as people type it, without spaces and hyphens. */
export const bare = (typed: string): string => typed.replaceAll(/[\s-]/g, '');

export const last4Of = (number: string): string => number.slice(-4);

/** All that is shown of a number. */
export const masked = (kind: Kind, last4: string): string => (kind === 'BANK_ACCOUNT' ? `********${last4}` : `****-****-****-${last4}`);

/** Luhn's check digit, which every card number ends with. */
function hasCheckDigit(number: string): boolean {
  const sum = [...number].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** @throws Refused BAD_INPUT when no such card or account can have that number; the number is not in the message */
export function requireNumberOf(kind: Kind, number: string): void {
  if (kind === 'BANK_ACCOUNT') {
    if (!/^\d{8,16}$/.test(number)) throw badInput('number', 'number: an account number has 8 to 16 digits');
    return;
  }
  if (!/^\d{13,19}$/.test(number)) throw badInput('number', 'number: a card number has 13 to 19 digits');
  if (!hasCheckDigit(number)) throw badInput('number', 'number: the check digit does not fit, a digit may be mistyped');
}
