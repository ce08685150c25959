import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';
import type { PublishedPaymentMethodEvent } from './events.ts';
import { type Kind, last4Of } from './numbers.ts';

export interface PaymentMethod {
  readonly id: string;
  readonly kind: Kind;
  readonly last4: string;
  readonly status: 'REGISTERED' | 'REMOVED';
  readonly registeredAt: Date;
  /** What it was registered by, when the customer gave an idempotency key. */
  readonly request: Request | null;
}

/** An idempotency key, and a keyed hash of what was asked for by it. */
export interface Request {
  readonly key: string;
  readonly print: string;
}

export type Change =
  | {
      readonly change: 'REGISTER';
      readonly paymentMethodId: string;
      readonly kind: Kind;
      readonly last4: string;
      readonly isDefault: boolean;
      readonly request: Request | null;
    }
  | { readonly change: 'NUMBER'; readonly paymentMethodId: string; readonly last4: string }
  | { readonly change: 'DEFAULT'; readonly paymentMethodId: string }
  | { readonly change: 'REMOVE'; readonly paymentMethodId: string };

/** A change that payments is asked for: there before the call, gone when it is decided. */
export type Pending = Change & {
  readonly revision: number;
  /** The revision by which the sweep finds out what became of it; null as long as the request that asked is at it. */
  readonly settling: number | null;
};

/** All of an account's payment methods: of two changes at the same time, one waits, so that payments and we never disagree about the default. */
export interface PaymentMethods {
  readonly accountId: string;
  readonly revision: number;
  readonly defaultId: string | null;
  readonly pending: Pending | null;
  readonly methods: readonly PaymentMethod[];
}

export type ChangeAsked = Fact<'ChangeAsked', { readonly accountId: string; readonly change: Change }>;
export type ChangeTakenOver = Fact<'ChangeTakenOver', null>;
export type ChangeDropped = Fact<'ChangeDropped', null>;

export const changeAsked = defineFact<ChangeAsked>('ChangeAsked');
/** Whoever asked does not answer for it any more: from now on it is only found out what became of it. */
export const changeTakenOver = defineFact<ChangeTakenOver>('ChangeTakenOver');
/** It is certain that nothing came of it. */
export const changeDropped = defineFact<ChangeDropped>('ChangeDropped');

export type PaymentMethodEvent = ChangeAsked | ChangeTakenOver | ChangeDropped | PublishedPaymentMethodEvent;

const none = (accountId: string): PaymentMethods => ({ accountId, revision: 0, defaultId: null, pending: null, methods: [] });

export const paymentMethods: Aggregate<PaymentMethods, PaymentMethodEvent> = {
  name: 'payment methods',
  evolve(before, event) {
    if (event.name === 'ChangeAsked') {
      const state = before ?? none(event.data.accountId);
      const revision = state.revision + 1;
      return { ...state, revision, pending: { ...event.data.change, revision, settling: null } };
    }
    if (before === null) throw new TypeError(`${event.name} before anything was asked for`);
    const state = before;
    switch (event.name) {
      case 'ChangeTakenOver':
        return { ...state, revision: state.revision + 1, pending: state.pending && { ...state.pending, settling: state.revision + 1 } };
      case 'ChangeDropped':
        return { ...state, pending: null };
      case 'PaymentMethodRegistered': {
        const { paymentMethodId: id, kind, maskedNumber, isDefault, at } = event.data;
        const request = state.pending?.change === 'REGISTER' ? state.pending.request : null;
        const method: PaymentMethod = { id, kind, last4: last4Of(maskedNumber), status: 'REGISTERED', registeredAt: new Date(at), request };
        return { ...state, pending: null, defaultId: isDefault ? id : state.defaultId, methods: [...state.methods, method] };
      }
      case 'PaymentMethodChanged': {
        const { paymentMethodId: id, maskedNumber, isDefault, change } = event.data;
        if (change === 'NUMBER') return { ...state, pending: null, methods: replaced(state, id, { last4: last4Of(maskedNumber) }) };
        return { ...state, pending: null, defaultId: isDefault ? id : withoutDefault(state, id) };
      }
      case 'PaymentMethodRemoved': {
        const { paymentMethodId: id } = event.data;
        return { ...state, pending: null, defaultId: withoutDefault(state, id), methods: replaced(state, id, { status: 'REMOVED' }) };
      }
    }
  },
};

const withoutDefault = ({ defaultId }: PaymentMethods, id: string): string | null => (defaultId === id ? null : defaultId);

const replaced = ({ methods }: PaymentMethods, id: string, by: Partial<PaymentMethod>): readonly PaymentMethod[] =>
  methods.map((method) => (method.id === id ? { ...method, ...by } : method));
