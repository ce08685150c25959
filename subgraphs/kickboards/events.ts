import { defineEvent, type EventOf, id, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

const place = { lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) };
const of = { kickboardId: id, serial: z.string(), ...place, at: instant };
const rented = { ...of, rentalId: id, ticketId: reference, accountId: reference, dueAt: instant };

const example = {
  kickboardId: '01900000-0000-7000-8000-0000000a0001',
  serial: 'MD-0001',
  lat: 37.5663,
  lng: 126.9779,
  at: '2026-11-20T06:00:00.000Z',
};
const rental = {
  rentalId: '01936d5e-0000-7000-8000-000000000f11',
  ticketId: '01936d5e-0000-7000-8000-000000000f01',
  accountId: '01900000-0000-7000-8000-000000000001',
  dueAt: '2026-11-20T07:00:00.000Z',
};

const ofKickboard = {
  context: 'kickboards',
  aggregate: 'kickboard',
  version: 1,
  key: (data: { kickboardId: string }) => data.kickboardId,
};

/** A kickboard was put on the street (킥보드 등록). */
export const KickboardRegistered = defineEvent({
  ...ofKickboard,
  name: 'KickboardRegistered',
  payload: z.object(of),
  examples: [example],
});

/** It was taken off the street (킥보드 제거), for good. */
export const KickboardRemoved = defineEvent({
  ...ofKickboard,
  name: 'KickboardRemoved',
  payload: z.object(of),
  examples: [example],
});

/** A rental has begun (대여), at the place where the kickboard stood. */
export const KickboardRented = defineEvent({
  ...ofKickboard,
  name: 'KickboardRented',
  payload: z.object(rented),
  examples: [{ ...example, ...rental }],
});

/** It is over (반납), at the place where the kickboard was left. `forced`: by an ADMIN; `overdue`: later than the ticket allowed. */
export const KickboardReturned = defineEvent({
  ...ofKickboard,
  name: 'KickboardReturned',
  payload: z.object({ ...rented, forced: z.boolean(), overdue: z.boolean() }),
  examples: [{ ...example, ...rental, lat: 37.5704, lng: 126.9769, at: '2026-11-20T06:40:00.000Z', forced: false, overdue: false }],
});

export type KickboardEvent =
  | EventOf<typeof KickboardRegistered>
  | EventOf<typeof KickboardRemoved>
  | EventOf<typeof KickboardRented>
  | EventOf<typeof KickboardReturned>;
