import type { Cause } from '@madang/kernel/context';
import type { GiftExchange, NoGift } from './gift-exchange.ts';

/** Nobody knows what gifts did. */
export interface Unknown {
  readonly kind: 'UNKNOWN';
  /** There is no gift, and never will be: gifts got no call. */
  readonly certain: boolean;
  readonly retryAfterSeconds: number;
  readonly why: unknown;
}

/** What gifts said to an exchange. */
export type IssueAnswer =
  | { readonly kind: 'ISSUED'; readonly giftId: string }
  /** `certain` false: an earlier call may still come to issue one. */
  | { readonly kind: 'REFUSED'; readonly reason: Exclude<NoGift, 'UNAVAILABLE'>; readonly certain: boolean }
  | Unknown;

type Of = Pick<GiftExchange, 'id' | 'accountId'>;

/** Who issues gifts. Asking again for the same exchange is safe: it has one gift. Each answers within a second. */
export interface Gifts {
  issue(exchange: Of & Pick<GiftExchange, 'giftItemId' | 'points'>, cause: Cause): Promise<IssueAnswer>;
  /** Its points are spent. Null when it can be used. */
  activate(exchange: Of, cause: Cause): Promise<Unknown | null>;
  /** Whatever was or will be issued is worth nothing. Null when that is certain. */
  void(exchange: Of, cause: Cause): Promise<Unknown | null>;
}
