import type { Alongside, Cause, Kernel } from '@madang/kernel/context';
import { type InputOf, notFound, Refused, requireService, tryAgainLater } from '@madang/kernel/domain';
import type { BillingKeyStore, BillingKeyView } from '../adapters/billing-key-store.ts';
import type { Fingerprint } from '../adapters/fingerprint.ts';
import { joining } from '../joining.ts';
import { type PaymentProcessor, ProcessorUnavailable } from '../ports.ts';
import { type Authorised, type BillingKey, type BillingKeyEvent, billingKey } from './billing-key.ts';
import { changeBillingKey, registerBillingKey, revokeBillingKey } from './commands.ts';
import { changesNumber, decideChange, decideRegister, decideRevoke, registersNumber } from './decide.ts';

type Number = Pick<InputOf<typeof registerBillingKey>, 'number' | 'kind' | 'idempotencyKey'>;

/** The commands on billing keys. A number lives no longer than its call. */
export function billingKeyHandlers(kernel: Kernel, keys: BillingKeyStore, processor: PaymentProcessor, fingerprint: Fingerprint) {
  const joined = joining<Awaited<ReturnType<PaymentProcessor['authorise']>>>();

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
      await kernel.execute({
        aggregate: billingKey,
        store: keys,
        key: input.paymentMethodId,
        input: { ...wanted, authorised: known },
        decide: decideChange,
        cause,
        alongside: makingDefault(input.isDefault, input),
      });
      return view(input.paymentMethodId);
    },

    async revokeBillingKey(raw: unknown, cause: Cause): Promise<BillingKeyView> {
      const { idempotencyKey: _, ...input } = revokeBillingKey.parse(raw);
      await kernel.execute({ aggregate: billingKey, store: keys, key: input.paymentMethodId, input, decide: decideRevoke, cause });
      return view(input.paymentMethodId);
    },
  };
}
