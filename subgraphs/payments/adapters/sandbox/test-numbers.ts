import type { ChargeAnswer } from '../../ports.ts';

type Declines = Extract<ChargeAnswer, { outcome: 'DECLINED' }>['reason'];

/** Authorised, and declined whenever they are charged. */
export const DECLINED_AT_CHARGE: Readonly<Record<string, Declines>> = {
  '4000000000000002': 'INSUFFICIENT_FUNDS',
  '4000000000006975': 'LIMIT_EXCEEDED',
  '4000000000009987': 'LOST_OR_STOLEN',
  '4000000000000119': 'DO_NOT_HONOR',
  '110000000002': 'INSUFFICIENT_FUNDS',
};

/** Never authorised. */
export const REFUSED_AT_AUTHORISATION: Readonly<Record<string, string>> = {
  '4000000000000069': 'EXPIRED_CARD',
  '4000000000000127': 'DO_NOT_HONOR',
  '110000000069': 'UNKNOWN_ACCOUNT',
};
