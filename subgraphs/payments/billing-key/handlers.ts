import { type Alongside, type Cause, type IntentHandler, type Kernel, RetryLater } from '@madang/kernel/context';
import { type InputOf, notFound, Refused, requireService, tryAgainLater } from '@madang/kernel/domain';
import { joining } from '@madang/kernel/resilience';
import type { BillingKeyStore, BillingKeyView } from '../adapters/billing-key-store.ts';
import type { Fingerprint } from '../adapters/fingerprint.ts';
import { type PaymentProcessor, ProcessorUnavailable } from '../ports.ts';
import { type Authorised, type BillingKey, type BillingKeyEvent, billingKey } from './billing-key.ts';
import { changeBillingKey, registerBillingKey, revokeBillingKey } from './commands.ts';
import { changesNumber, decideChange, decideRecordRevocation, decideRegister, decideRevoke, registersNumber } from './decide.ts';

/** An intent, by the billing key's id: have the processor charge nothing more of what it was charged by before. */
export const REVOKE = 'revoke-tokens';

/** Longer than the processor takes, ms: then the sweep takes over. */
const DUE_IN_MS = 3_000;

type Number = Pick<InputOf<typeof registerBillingKey>, 'number' | 'kind' | 'idempotencyKey'>;

/** The commands on billing keys. A number lives no longer than its call. */
export function billingKeyHandlers(kernel: Kernel, keys: BillingKeyStore, processor: PaymentProcessor, fingerprint: Fingerprint) {
  const joined = joining<Awaited<ReturnType<PaymentProcessor['authorise']>>>();
  const revokingNow = joining<void>();

  /** @throws Refused PAYMENT_METHOD_DECLINED, TRY_AGAIN_LATER */
  async function authorised({ number, kind, idempotencyKey }: Number): Promise<Authorised> {
    const print = fingerprint(number);
    // Another number by the same key is another question to the processor.
    const key = `${idempotencyKey}:${print}`;
    const answer = await joined(key, () => processor.authorise({ number, kind, idempotencyKey: key })).catch((error: unknown) => {
      if (error instanceof ProcessorUnavailable) throw tryAgainLater(1, 'The payment processor');
      throw error;
    });
    if ('token' in answer) return { last4: number.slice(-4), fingerprint: print, token: answer.token };
    throw new Refused('PAYMENT_METHOD_DECLINED', 'The payment processor refuses this number. 등록할 수 없는 결제수단입니다.', {
      field: 'number',
      reason: answer.refused,
    });
  }

  const makingDefault =
    (
      isDefault: boolean | null | undefined,
      { accountId, paymentMethodId, revision }: { accountId: string; paymentMethodId: string; revision: number },
    ) =>
    (_: BillingKey, events: readonly BillingKeyEvent[]): Alongside =>
      isDefault && events.length > 0 ? { writes: [keys.makeDefault(accountId, paymentMethodId, revision)] } : {};

  const revoking = ({ id, retiredTokens }: BillingKey, events: readonly BillingKeyEvent[]): Alongside =>
    events.length > 0 && retiredTokens.length > 0 ? { open: [{ kind: REVOKE, key: id, payload: {}, dueInMs: DUE_IN_MS }] } : {};

  /** Of what the key was charged by before, the processor charges nothing from then on. */
  async function revokeRetired({ id, retiredTokens: tokens }: BillingKey, cause: Cause): Promise<void> {
    for (const token of tokens) await processor.revoke({ token });
    await kernel.execute({
      aggregate: billingKey,
      store: keys,
      key: id,
      input: { tokens },
      decide: decideRecordRevocation,
      cause,
      alongside: ({ retiredTokens }) => (retiredTokens.length === 0 ? { close: [{ kind: REVOKE, key: id }] } : {}),
    });
  }
  const revoked = (key: BillingKey, cause: Cause) => revokingNow([key.id, ...key.retiredTokens].join(), () => revokeRetired(key, cause));

  /** The key as it is; nobody is told that it has changed before the processor knows. @throws Refused TRY_AGAIN_LATER */
  async function settled(key: BillingKey, cause: Cause): Promise<BillingKeyView> {
    if (key.retiredTokens.length > 0)
      await revoked(key, cause).catch((error: unknown) => {
        throw error instanceof ProcessorUnavailable ? tryAgainLater(1, 'The payment processor') : error;
      });
    return view(key.id);
  }

  const intents: Readonly<Record<string, IntentHandler>> = {
    async [REVOKE]({ key }, cause) {
      const found = await keys.load(key);
      if (!found || found.state.retiredTokens.length === 0) return kernel.commit(cause, { close: [{ kind: REVOKE, key }] });
      await revoked(found.state, cause).catch((error: unknown) => {
        throw error instanceof ProcessorUnavailable ? new RetryLater(500 + Math.random() * 500, error.message, error) : error;
      });
    },
  };

  async function view(id: string): Promise<BillingKeyView> {
    const found = await keys.view(id);
    if (found === null) throw notFound('The billing key');
    return found;
  }

  return {
    async registerBillingKey(raw: unknown, cause: Cause): Promise<BillingKeyView> {
      requireService(cause.actor);
      const { number, idempotencyKey, ...input } = registerBillingKey.parse(raw);
      const wanted = { ...input, fingerprint: fingerprint(number) };
      const there = await keys.load(input.paymentMethodId);
      const known = registersNumber(there?.state ?? null) ? await authorised({ number, kind: input.kind, idempotencyKey }) : null;
      await kernel.execute({
        aggregate: billingKey,
        store: keys,
        key: input.paymentMethodId,
        input: { ...wanted, authorised: known },
        decide: decideRegister,
        cause,
        alongside: makingDefault(input.isDefault, input),
      });
      return view(input.paymentMethodId);
    },

    async changeBillingKey(raw: unknown, cause: Cause): Promise<BillingKeyView> {
      requireService(cause.actor);
      const { number, idempotencyKey, ...input } = changeBillingKey.parse(raw);
      const wanted = { ...input, fingerprint: number ? fingerprint(number) : null };
      const there = (await keys.load(input.paymentMethodId))?.state ?? null;
      const asked = number && there?.status === 'ACTIVE' && there.accountId === input.accountId && changesNumber(there, wanted);
      const known = asked ? await authorised({ number, kind: there.kind, idempotencyKey }) : null;
      const { state } = await kernel.execute({
        aggregate: billingKey,
        store: keys,
        key: input.paymentMethodId,
        input: { ...wanted, authorised: known },
        decide: decideChange,
        cause,
        alongside: (after, events) => ({ ...makingDefault(input.isDefault, input)(after, events), ...revoking(after, events) }),
      });
      return settled(state, cause);
    },

    async revokeBillingKey(raw: unknown, cause: Cause): Promise<BillingKeyView> {
      const { idempotencyKey: _, ...input } = revokeBillingKey.parse(raw);
      const { state } = await kernel.execute({
        aggregate: billingKey,
        store: keys,
        key: input.paymentMethodId,
        input,
        decide: decideRevoke,
        cause,
        alongside: revoking,
      });
      return settled(state, cause);
    },

    billingKeyIntents: intents,
  };
}
