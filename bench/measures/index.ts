import type { Measure } from '../bench.ts';
import { apply, applySlow } from './apply.ts';
import { memory, memoryAfter } from './memory.ts';
import { exchange, mission } from './missions.ts';
import { page } from './page.ts';
import { push } from './push.ts';
import { relay } from './relay.ts';
import { reserve, ride } from './sagas.ts';
import { clone, start } from './start.ts';

/** In the order in which they run: memory idle before anything is asked, pages before others apply, what needs no platform last. */
export const measures: readonly Measure[] = [
  clone,
  start,
  memory,
  page,
  push,
  apply,
  applySlow,
  reserve,
  ride,
  mission,
  exchange,
  memoryAfter,
  relay,
];
