import type { Cause, Kernel } from '@madang/kernel/context';
import { user } from '@madang/kernel/domain';
import type { Handlers } from './handlers.ts';
import type { PtOrdersModel } from './read-models/pt-orders.ts';
import { demoClasses } from './seeds.ts';

/** Who signs in as customer@madang.example. */
const CUSTOMER = '01900000-0000-7000-8000-000000000001';

/** What the demo's customer has ordered; the key is the request's idempotency key. */
const demoOrders = [
  { idempotencyKey: 'demo-1', className: '체험 PT' },
  { idempotencyKey: 'demo-2', className: '자세 교정 PT' },
] as const;

/** Has the demo's customer order by the command itself, of however many replicas once; nothing, once there is an order. */
export async function seedOrders(
  kernel: Kernel,
  { orderPt }: Pick<Handlers, 'orderPt'>,
  orders: Pick<PtOrdersModel, 'ofAccount'>,
): Promise<void> {
  const cause: Cause = { actor: user(CUSTOMER, 'CUSTOMER'), correlationId: kernel.newId() };
  if ((await orders.ofAccount(CUSTOMER, { first: 1 }, cause.actor)).edges.length > 0) return;
  for (const { idempotencyKey, className } of demoOrders)
    await orderPt({ classId: demoClasses.find(({ name }) => name === className)?.id, idempotencyKey }, cause);
}
