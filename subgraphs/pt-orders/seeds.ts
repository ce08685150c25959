import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { service } from '@madang/kernel/domain';
import type { Handlers } from './handlers.ts';
import type { PtClass } from './pt-class/pt-class.ts';

/** What can be ordered in a demo. */
export const demoClasses: readonly PtClass[] = [
  {
    id: '01900000-0000-7000-8000-0000000e0001',
    name: '자세 교정 PT',
    description: '굽은 등과 거북목을 펴고 바른 자세를 익힙니다.',
    durationMinutes: 50,
    price: 60_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000e0002',
    name: '다이어트 PT',
    description: '근력과 유산소를 묶어 체지방을 줄입니다. 식단도 함께 봅니다.',
    durationMinutes: 50,
    price: 65_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000e0003',
    name: '근력 강화 PT',
    description: '스쿼트, 벤치프레스, 데드리프트를 기초부터 배웁니다.',
    durationMinutes: 60,
    price: 70_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000e0004',
    name: '필라테스 PT',
    description: '리포머로 코어와 유연성을 기릅니다.',
    durationMinutes: 50,
    price: 75_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000e0005',
    name: '재활 PT',
    description: '무릎과 허리, 어깨를 다친 뒤 다시 움직이도록 돕습니다.',
    durationMinutes: 40,
    price: 80_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000e0006',
    name: '체험 PT',
    description: '처음 오신 분의 몸 상태를 재고 알맞은 운동을 찾아 드립니다.',
    durationMinutes: 30,
    price: 0,
  },
];

/** Registers the demo's classes, those that are not there yet: what an ADMIN has changed stays. */
export async function seedClasses(
  kernel: Kernel,
  classes: Store<PtClass>,
  { registerPtClass }: Pick<Handlers, 'registerPtClass'>,
): Promise<void> {
  const cause: Cause = { actor: service(kernel.name), correlationId: kernel.newId() };
  for (const { id, ...particulars } of demoClasses)
    if (!(await classes.load(particulars.name))) await registerPtClass(particulars, cause, id);
}
