import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { service } from '@madang/kernel/domain';
import type { CleaningPlan } from './cleaning-plan/cleaning-plan.ts';
import type { Handlers } from './handlers.ts';

/** What can be reserved in a demo. */
export const demoPlans: readonly CleaningPlan[] = [
  {
    id: '01900000-0000-7000-8000-0000000d0001',
    name: '원룸 청소',
    description: '방 하나와 욕실, 주방을 청소합니다.',
    minutes: 120,
    price: 49_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000d0002',
    name: '투룸 청소',
    description: '방 둘과 거실, 욕실, 주방을 청소합니다.',
    minutes: 180,
    price: 69_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000d0003',
    name: '아파트 청소 (30평대)',
    description: '방 셋과 거실, 욕실 둘, 주방, 베란다를 청소합니다.',
    minutes: 240,
    price: 99_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000d0004',
    name: '사무실 청소 (50평 이하)',
    description: '바닥과 책상, 회의실, 탕비실, 화장실을 청소하고 쓰레기를 비웁니다.',
    minutes: 240,
    price: 129_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000d0005',
    name: '이사 입주 청소',
    description: '빈 집을 창틀과 수납장 안까지 청소합니다.',
    minutes: 480,
    price: 240_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000d0006',
    name: '주방 집중 청소',
    description: '후드와 가스레인지, 싱크대, 냉장고 안의 묵은 때를 지웁니다.',
    minutes: 150,
    price: 79_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000d0007',
    name: '에어컨 분해 청소',
    description: '벽걸이 에어컨 한 대를 분해해 세척합니다.',
    minutes: 90,
    price: 85_000,
  },
];

/** Registers the demo's plans, those that are not there yet: what an ADMIN has changed stays. */
export async function seedPlans(
  kernel: Kernel,
  plans: Store<CleaningPlan>,
  { registerCleaningPlan }: Pick<Handlers, 'registerCleaningPlan'>,
): Promise<void> {
  const cause: Cause = { actor: service(kernel.name), correlationId: kernel.newId() };
  for (const { id, ...particulars } of demoPlans)
    if (!(await plans.load(particulars.name))) await registerCleaningPlan(particulars, cause, id);
}
