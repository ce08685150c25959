import { type Decide, type Facts, notFound, Refused, requireUser, tryAgainLater } from '@madang/kernel/domain';
import { PaymentMethodChanged, PaymentMethodRegistered, PaymentMethodRemoved } from './events.ts';
import { type Kind, last4Of, masked, requireNumberOf } from './numbers.ts';
import {
  type Change,
  changeAsked,
  changeDropped,
  changeTakenOver,
  type PaymentMethod,
  type PaymentMethodEvent,
  type PaymentMethods,
  type Pending,
  type Request,
} from './payment-methods.ts';

/** As many as an account may have. */
export const MOST = 20;

export interface Registration {
  /** The id of the method, should it be a new one. */
  readonly paymentMethodId: string;
  readonly kind: Kind;
  readonly number: string;
  readonly request: Request | null;
}

type Decision<Input> = Decide<PaymentMethods, Input, PaymentMethodEvent>;

/** One change at a time: the next one waits for its turn. */
function ask(state: PaymentMethods | null, change: Change, { actor }: Facts): PaymentMethodEvent[] {
  if (state?.pending) throw tryAgainLater(1, 'Another change of your payment methods is under way. This');
  return [changeAsked({ accountId: requireUser(actor).accountId, change })];
}

function registered(state: PaymentMethods | null, id: string): PaymentMethod {
  const method = state?.methods.find((one) => one.id === id);
  if (method?.status !== 'REGISTERED') throw notFound('The payment method');
  return method;
}

/** The first one becomes the default. */
export const decideAskToRegister: Decision<Registration> = (state, { paymentMethodId, kind, number, request }, facts) => {
  requireUser(facts.actor);
  const methods = state?.methods ?? [];
  const earlier = request && methods.find((method) => method.request?.key === request.key);
  if (earlier && earlier.request?.print === request.print) return [];
  if (earlier)
    throw new Refused('IDEMPOTENCY_CONFLICT', 'This idempotency key was used for another payment method.', { field: 'idempotencyKey' });
  requireNumberOf(kind, number);
  const there = methods.filter(({ status }) => status === 'REGISTERED');
  if (there.length >= MOST)
    throw new Refused('TOO_MANY_PAYMENT_METHODS', `An account has at most ${MOST} payment methods: remove one first.`);
  return ask(state, { change: 'REGISTER', paymentMethodId, kind, last4: last4Of(number), isDefault: there.length === 0, request }, facts);
};

export const decideAskToChange: Decision<{ readonly paymentMethodId: string; readonly number: string }> = (
  state,
  { paymentMethodId, number },
  facts,
) => {
  requireUser(facts.actor);
  requireNumberOf(registered(state, paymentMethodId).kind, number);
  return ask(state, { change: 'NUMBER', paymentMethodId, last4: last4Of(number) }, facts);
};

export const decideAskToMakeDefault: Decision<{ readonly paymentMethodId: string }> = (state, { paymentMethodId }, facts) => {
  requireUser(facts.actor);
  registered(state, paymentMethodId);
  if (state?.defaultId === paymentMethodId && !state.pending) return [];
  return ask(state, { change: 'DEFAULT', paymentMethodId }, facts);
};

export const decideAskToRemove: Decision<{ readonly paymentMethodId: string }> = (state, { paymentMethodId }, facts) => {
  requireUser(facts.actor);
  if (state?.methods.some(({ id, status }) => id === paymentMethodId && status === 'REMOVED')) return [];
  registered(state, paymentMethodId);
  return ask(state, { change: 'REMOVE', paymentMethodId }, facts);
};

/** What follows when payments has done it. Removing the default picks no other one. */
function done({ accountId, defaultId, methods }: PaymentMethods, pending: Pending, now: Date): PaymentMethodEvent[] {
  const of = ({ id, kind, last4 }: Pick<PaymentMethod, 'id' | 'kind' | 'last4'>) => ({
    paymentMethodId: id,
    accountId,
    kind,
    maskedNumber: masked(kind, last4),
    at: now.toISOString(),
  });
  const id = pending.paymentMethodId;
  if (pending.change === 'REGISTER') return [PaymentMethodRegistered({ ...of({ ...pending, id }), isDefault: pending.isDefault })];
  const method = methods.find((one) => one.id === id);
  if (method === undefined) return [changeDropped(null)];
  switch (pending.change) {
    case 'NUMBER':
      return [PaymentMethodChanged({ ...of({ ...method, last4: pending.last4 }), isDefault: defaultId === id, change: 'NUMBER' })];
    case 'DEFAULT': {
      const before = methods.find((one) => one.id === defaultId && one.id !== id);
      const moved = before ? [PaymentMethodChanged({ ...of(before), isDefault: false, change: 'DEFAULT' })] : [];
      return [...moved, PaymentMethodChanged({ ...of(method), isDefault: true, change: 'DEFAULT' })];
    }
    case 'REMOVE':
      return [PaymentMethodRemoved(of(method))];
  }
}

/** The request that asked has its answer; a sweep that was faster decides instead. */
export const decideComplete: Decision<{ readonly revision: number; readonly done: boolean }> = (state, input, { now }) => {
  if (state?.pending?.revision !== input.revision || state.pending.settling !== null) {
    if (input.done) throw tryAgainLater(1);
    return [];
  }
  return input.done ? done(state, state.pending, now) : [changeDropped(null)];
};

/** From now on the request that asked is too late. */
export const decideTakeOver: Decision<{ readonly revision: number }> = (state, { revision }) =>
  state?.pending?.revision === revision && state.pending.settling === null ? [changeTakenOver(null)] : [];

/** It has been found out what became of it. */
export const decideSettle: Decision<{ readonly settling: number; readonly done: boolean }> = (state, input, { now }) => {
  if (!state?.pending || state.pending.settling !== input.settling) return [];
  return input.done ? done(state, state.pending, now) : [changeDropped(null)];
};

/** Demo data: payments has the same one by itself. */
export const decideSeed: Decision<{
  readonly accountId: string;
  readonly paymentMethodId: string;
  readonly kind: Kind;
  readonly last4: string;
}> = (state, { accountId, paymentMethodId, kind, last4 }, { now }) => {
  if (state !== null) return [];
  const at = now.toISOString();
  return [
    changeAsked({ accountId, change: { change: 'REGISTER', paymentMethodId, kind, last4, isDefault: true, request: null } }),
    PaymentMethodRegistered({ paymentMethodId, accountId, kind, maskedNumber: masked(kind, last4), isDefault: true, at }),
  ];
};
