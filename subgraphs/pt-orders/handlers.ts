import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { type InputOf, requireUser } from '@madang/kernel/domain';
import { rowOf } from './adapters/pt-order-store.ts';
import { registerPtClass } from './pt-class/commands.ts';
import { decideRegisterPtClass } from './pt-class/decide.ts';
import { type PtClass, ptClass } from './pt-class/pt-class.ts';
import { cancelPtOrder, type followPtOrder, orderPt } from './pt-order/commands.ts';
import { decideCancel, decideFollow, decideOrder } from './pt-order/decide.ts';
import { type PtOrder, ptOrder } from './pt-order/pt-order.ts';
import type { PtOrderRow } from './read-models/pt-orders.ts';

export interface Parts {
  readonly orders: Store<PtOrder>;
  readonly classesByName: Store<PtClass>;
  readonly findClass: (classId: string) => Promise<PtClass | null>;
}

export type Handlers = ReturnType<typeof handlers>;

/** One function per command. */
export const handlers = (kernel: Kernel, { orders, classesByName, findClass }: Parts) => ({
  async orderPt(raw: unknown, cause: Cause): Promise<PtOrderRow> {
    const { idempotencyKey, ...order } = orderPt.parse(raw);
    const orderId = kernel.newId();
    const { state } = await kernel.execute({
      aggregate: ptOrder,
      store: orders,
      key: orderId,
      known: null,
      input: { ...order, orderId, ptClass: await findClass(order.classId) },
      decide: decideOrder,
      cause,
      idempotency: { scope: `orderPt by ${requireUser(cause.actor).accountId}`, key: idempotencyKey, input: order },
    });
    return rowOf(state);
  },

  async cancelPtOrder(raw: unknown, cause: Cause): Promise<PtOrderRow> {
    const input = cancelPtOrder.parse(raw);
    const { orderId: key } = input;
    const { state } = await kernel.execute({ aggregate: ptOrder, store: orders, key, input, decide: decideCancel, cause });
    return rowOf(state);
  },

  async followPtOrder(input: InputOf<typeof followPtOrder>, cause: Cause): Promise<void> {
    await kernel.execute({ aggregate: ptOrder, store: orders, key: input.orderId, input, decide: decideFollow, cause });
  },

  /** `newId` is the class's id, unless one of that name is there. */
  async registerPtClass(raw: unknown, cause: Cause, newId = kernel.newId()): Promise<PtClass> {
    const { idempotencyKey, ...particulars } = registerPtClass.parse(raw);
    const { state } = await kernel.execute({
      aggregate: ptClass,
      store: classesByName,
      key: particulars.name,
      input: { ...particulars, newId },
      decide: decideRegisterPtClass,
      cause,
      idempotency: { scope: 'registerPtClass', key: idempotencyKey, input: particulars },
    });
    return state;
  },
});
