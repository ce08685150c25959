import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { service } from '@madang/kernel/domain';
import type { GiftItem } from './gift-item/gift-item.ts';
import type { Handlers } from './handlers.ts';

/** What points can be exchanged for in a demo. */
export const demoGiftItems = [
  {
    id: '01900000-0000-7000-8000-000000090001',
    title: '마당 텀블러',
    description: '마당 로고가 새겨진 500 ml 텀블러. 한정 수량입니다.',
    points: 1_500,
    stock: 30,
  },
  {
    id: '01900000-0000-7000-8000-000000090002',
    title: 'PT 1회 체험권',
    description: '트레이너와 함께하는 50분 수업 1회.',
    points: 3_000,
  },
  {
    id: '01900000-0000-7000-8000-000000090003',
    title: '교재 5천원 할인권',
    description: '교재를 신청할 때 쓸 수 있는 할인권.',
    points: 800,
  },
  {
    id: '01900000-0000-7000-8000-000000090004',
    title: '편의점 3천원권',
    description: '전국 편의점에서 현금처럼 쓸 수 있는 모바일 상품권.',
    points: 500,
  },
  {
    id: '01900000-0000-7000-8000-000000090005',
    title: '아메리카노 쿠폰',
    description: '아메리카노 한 잔. 매장에서 바로 쓸 수 있습니다.',
    points: 300,
  },
  {
    id: '01900000-0000-7000-8000-000000090006',
    title: '막대 사탕',
    description: '첫 미션을 마친 분께 드리는 작은 선물.',
    points: 100,
  },
] as const;

/** Registers the demo's gift items, those that are not there yet. */
export async function seedGiftItems(kernel: Kernel, items: Store<GiftItem>, { registerGiftItem }: Pick<Handlers, 'registerGiftItem'>) {
  const cause: Cause = { actor: service(kernel.name), correlationId: kernel.newId() };
  for (const { id, ...item } of demoGiftItems) if (!(await items.load(id))) await registerGiftItem(item, cause, id);
}
