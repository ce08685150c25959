import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { service } from '@madang/kernel/domain';
import type { Handlers } from './handlers.ts';
import type { Kickboard } from './kickboard/kickboard.ts';

/** Places around Seoul where the demo's kickboards stand at first: latitude, longitude. */
const PLACES: readonly (readonly [number, number])[] = [
  [37.5663, 126.9779], // 서울광장
  [37.5716, 126.9769], // 광화문광장
  [37.5796, 126.977], // 경복궁
  [37.5826, 126.9831], // 북촌한옥마을
  [37.5704, 126.9921], // 종로3가
  [37.5665, 127.0092], // 동대문역사문화공원
  [37.5547, 126.9707], // 서울역
  [37.5512, 126.9882], // 남산서울타워
  [37.5345, 126.9947], // 이태원
  [37.5563, 126.9236], // 홍대입구
  [37.5598, 126.9423], // 신촌
  [37.5284, 126.9327], // 여의도한강공원
  [37.5219, 126.9245], // 여의도
  [37.5446, 127.0374], // 서울숲
  [37.5405, 127.0693], // 건대입구
  [37.5133, 127.1001], // 잠실
  [37.5111, 127.0595], // 삼성역
  [37.4979, 127.0276], // 강남역
  [37.5045, 127.0049], // 고속터미널
  [37.4813, 126.9527], // 서울대입구
];

const numbered = (at: number) => String(at + 1).padStart(4, '0');

/** The kickboards of a demo. */
export const demoKickboards = PLACES.map(([lat, lng], at) => ({
  id: `01900000-0000-7000-8000-0000000a${numbered(at)}`,
  serial: `MD-${numbered(at)}`,
  lat,
  lng,
}));

/** Registers the demo's kickboards, those that are not there yet: what has been ridden stays where it was left. */
export async function seedKickboards(kernel: Kernel, bySerial: Store<Kickboard>, { registerKickboard }: Handlers): Promise<void> {
  const cause: Cause = { actor: service(kernel.name), correlationId: kernel.newId() };
  for (const { id, ...board } of demoKickboards) if (!(await bySerial.load(board.serial))) await registerKickboard(board, cause, id);
}
