import { defineEvent, type EventOf, id, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

const of = { deliveryId: id, accountId: reference, applicationId: reference };
const example = {
  deliveryId: '01936d5e-0000-7000-8000-0000000000d1',
  accountId: '01900000-0000-7000-8000-000000000001',
  applicationId: '01936d5e-0000-7000-8000-0000000000a1',
  at: '2026-11-20T06:00:00.000Z',
};
const address = z.object({
  recipient: z.string(),
  phone: z.string(),
  postalCode: z.string(),
  line1: z.string(),
  line2: z.string().optional(),
});

/** The books are on their way (배송 시작). */
export const DeliveryStarted = defineEvent({
  context: 'deliveries',
  aggregate: 'delivery',
  name: 'DeliveryStarted',
  version: 1,
  key: (data) => data.deliveryId,
  payload: z.object({ ...of, title: z.string(), quantity: z.int().positive(), address, at: instant }),
  examples: [
    {
      ...example,
      title: '수학의 기초',
      quantity: 1,
      address: { recipient: '김하늘', phone: '010-1234-5678', postalCode: '04524', line1: '서울특별시 중구 세종대로 110' },
    },
  ],
});

/** They will not arrive (배송 취소). `started` is false when it was cancelled before it began: it never will. */
export const DeliveryCancelled = defineEvent({
  context: 'deliveries',
  aggregate: 'delivery',
  name: 'DeliveryCancelled',
  version: 1,
  key: (data) => data.deliveryId,
  payload: z.object({ ...of, started: z.boolean(), at: instant }),
  examples: [{ ...example, started: true }],
});

/** They have been handed over (배송 완료). */
export const DeliveryCompleted = defineEvent({
  context: 'deliveries',
  aggregate: 'delivery',
  name: 'DeliveryCompleted',
  version: 1,
  key: (data) => data.deliveryId,
  payload: z.object({ ...of, at: instant }),
  examples: [example],
});

export type DeliveryEvent = EventOf<typeof DeliveryStarted> | EventOf<typeof DeliveryCancelled> | EventOf<typeof DeliveryCompleted>;
