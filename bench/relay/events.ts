import { defineEvent, policy } from '@madang/kernel/domain';
import { z } from 'zod';

/** What is relayed: as big as an event of the textbooks. */
export const ParcelSent = defineEvent({
  context: 'parcels',
  aggregate: 'parcel',
  name: 'ParcelSent',
  version: 1,
  key: ({ parcelId }) => parcelId,
  payload: z.object({
    parcelId: z.uuid(),
    step: z.int(),
    title: z.string(),
    amount: z.int(),
    address: z.object({ recipient: z.string(), phone: z.string(), postalCode: z.string(), line1: z.string() }),
  }),
  examples: [
    {
      parcelId: '01900000-0000-7000-8000-000000000001',
      step: 1,
      title: '수학의 기초',
      amount: 18_000,
      address: { recipient: '김손님', phone: '010-1234-5678', postalCode: '06236', line1: '서울 강남구 테헤란로 1' },
    },
  ],
});

/** Binds the event to what it leaves in the consuming database. */
export const noteParcel = policy('note-parcel-when-parcel-sent', ParcelSent, ({ id, data }) => ({ eventId: id, ...data }));

type Parcel = ReturnType<typeof ParcelSent>;

/** Events of one parcel, which have to be seen in order. */
const STEPS = 4;
const PARCELS_AT_A_TIME = 250;

/** `count` events in waves: of 250 parcels the first step, then the second, …, then of the next 250. A wave has nothing of a parcel twice. */
export function* waves(count: number): Generator<Parcel[]> {
  const [{ title, amount, address }] = ParcelSent.examples as [(typeof ParcelSent.examples)[number]];
  for (let left = count; left > 0; ) {
    const parcels = Array.from({ length: PARCELS_AT_A_TIME }, () => crypto.randomUUID());
    for (let step = 1; step <= STEPS && left > 0; step++) {
      const wave = parcels.slice(0, left).map((parcelId) => ParcelSent({ parcelId, step, title, amount, address }));
      left -= wave.length;
      yield wave;
    }
  }
}
