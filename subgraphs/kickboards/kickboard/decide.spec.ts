import { service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, it } from 'vitest';
import { KickboardRegistered, KickboardRemoved, KickboardRented, KickboardReturned } from '../events.ts';
import { decideRegister, decideRemove } from './decide.ts';
import { kickboard } from './kickboard.ts';

const at = '2026-11-20T00:00:00.000Z';
const board = { serial: 'MD-0001', lat: 37.5, lng: 127 };
const kickboardId = '01900000-0000-7000-8000-0000000a0001';
const registered = KickboardRegistered({ kickboardId, ...board, at });
const removed = KickboardRemoved({ kickboardId, ...board, at });
const ride = {
  ...{ kickboardId, ...board, rentalId: '01936d5e-0000-7000-8000-000000000f11', ticketId: 't', accountId: 'a', at },
  dueAt: '2026-11-20T01:00:00.000Z',
};
const admin = { actor: user('admin', 'CUSTOMER', 'ADMIN') };

describe('keeping kickboards', () => {
  it('is for ADMIN, and for the demo', () => {
    const input = { ...board, newId: kickboardId };
    given(kickboard, []).when(decideRegister, input, admin).then(registered);
    given(kickboard, [])
      .when(decideRegister, input, { actor: service('kickboards') })
      .then(registered);
    for (const actor of [user('a', 'CUSTOMER', 'MANAGER'), service('tickets')]) {
      const code = actor.kind === 'user' ? 'FORBIDDEN' : 'UNAUTHENTICATED';
      given(kickboard, []).when(decideRegister, input, { actor }).thenRefused(code);
      given(kickboard, [registered]).when(decideRemove, { kickboardId }, { actor }).thenRefused(code);
    }
  });

  it('has one for a serial number', () => {
    given(kickboard, [registered])
      .when(decideRegister, { ...board, newId: 'x' }, admin)
      .thenRefused('SERIAL_TAKEN', { field: 'serial' });
  });

  it('removes what nobody rides, once', () => {
    const remove = { kickboardId };
    given(kickboard, [registered]).when(decideRemove, remove, admin).then(removed);
    given(kickboard, [registered, removed]).when(decideRemove, remove, admin).thenNothing();
    given(kickboard, []).when(decideRemove, remove, admin).thenRefused('NOT_FOUND');
    given(kickboard, [registered, KickboardRented(ride)])
      .when(decideRemove, remove, admin)
      .thenRefused('KICKBOARD_RENTED');
    const returned = KickboardReturned({ ...ride, lat: 1, lng: 2, forced: false, overdue: false });
    given(kickboard, [registered, KickboardRented(ride), returned])
      .when(decideRemove, remove, admin)
      .then(KickboardRemoved({ kickboardId, ...board, lat: 1, lng: 2, at }));
  });
});
