import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { service } from '@madang/kernel/domain';
import type { Handlers } from './handlers.ts';
import type { Mission } from './mission/mission.ts';

/** Title, what is to be done, points. */
const MISSIONS: readonly (readonly [string, string, number])[] = [
  ['첫 교재 신청', '교재를 한 권 신청하고 결제까지 마쳐 보세요.', 300],
  ['교재 다섯 권', '교재를 다섯 권 받아 보세요.', 1_500],
  ['결제수단 등록', '결제수단을 등록해 보세요.', 200],
  ['첫 청소 예약', '청소를 예약하고 집이 반짝이는 것을 확인해 보세요.', 800],
  ['첫 PT 수업', '강사와 함께 첫 PT 수업을 마쳐 보세요.', 1_000],
  ['꾸준한 운동', 'PT 수업을 열 번 마쳐 보세요.', 5_000],
  ['첫 대여', '이용권으로 공유 킥보드를 한 번 빌려 보세요.', 500],
  ['한강 나들이', '킥보드를 여의도한강공원에 반납해 보세요.', 700],
  ['텔레그램 연결', '텔레그램을 연결해 알림을 받아 보세요.', 100],
  ['첫 기프트 사용', '모은 포인트로 기프트를 교환해 사용해 보세요.', 400],
];

/** The missions of a demo, over all services. */
export const demoMissions: readonly Omit<Mission, 'active'>[] = MISSIONS.map(([title, description, points], at) => ({
  id: `01900000-0000-7000-8000-0000000f${String(at + 1).padStart(4, '0')}`,
  title,
  description,
  points,
}));

/** Creates the demo's missions, those that are not there yet. */
export async function seedMissions(
  kernel: Kernel,
  missions: Store<Mission>,
  { createMission }: Pick<Handlers, 'createMission'>,
): Promise<void> {
  const cause: Cause = { actor: service(kernel.name), correlationId: kernel.newId() };
  for (const { id, ...particulars } of demoMissions) if (!(await missions.load(id))) await createMission(particulars, cause, id);
}
