import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { registerPtClass } from './commands.ts';
import { decideRegisterPtClass } from './decide.ts';
import { ptClass, ptClassRegistered } from './pt-class.ts';

const [classId, newId] = ['01900000-0000-7000-8000-0000000e0001', '01900000-0000-7000-8000-0000000e0002'];
const particulars = { name: '자세 교정 PT', description: '굽은 등과 거북목', durationMinutes: 50, price: 60_000 };
const registered = ptClassRegistered({ id: classId, ...particulars });
const admin = { actor: user('a', 'CUSTOMER', 'ADMIN') };

describe('registering a PT class', () => {
  it('makes it orderable', () => {
    given(ptClass, [])
      .when(decideRegisterPtClass, { ...particulars, newId }, admin)
      .then(ptClassRegistered({ id: newId, ...particulars }));
  });

  it.each([{ price: 0 }, { durationMinutes: 60 }, { description: '어깨까지' }])(
    'changes one that is there, which stays the same class: %j',
    (other) => {
      given(ptClass, [registered])
        .when(decideRegisterPtClass, { ...particulars, ...other, newId }, admin)
        .then(ptClassRegistered({ id: classId, ...particulars, ...other }));
    },
  );

  it('does nothing when nothing changes', () => {
    given(ptClass, [registered])
      .when(decideRegisterPtClass, { ...particulars, newId }, admin)
      .thenNothing();
  });

  it.each([
    ['UNAUTHENTICATED', anonymous],
    ['UNAUTHENTICATED', service('pt-managers')],
    ['FORBIDDEN', user('a', 'CUSTOMER', 'MANAGER', 'TRAINER')],
  ])('is refused with %s for others than ADMIN', (code, actor) => {
    given(ptClass, [])
      .when(decideRegisterPtClass, { ...particulars, newId }, { actor })
      .thenRefused(code);
  });

  it('is done by this context for demo data', () => {
    given(ptClass, [])
      .when(decideRegisterPtClass, { ...particulars, newId }, { actor: service('pt-orders') })
      .then(ptClassRegistered({ id: newId, ...particulars }));
  });

  it.each([
    ['name', { name: '  ' }],
    ['name', { name: 'x'.repeat(101) }],
    ['description', { description: '' }],
    ['description', { description: 'x'.repeat(501) }],
    ['durationMinutes', { durationMinutes: 9 }],
    ['durationMinutes', { durationMinutes: 241 }],
    ['price', { price: -1 }],
    ['price', { price: 1.5 }],
    ['price', { price: 10_000_001 }],
    ['idempotencyKey', { idempotencyKey: '' }],
  ])('names %s as the field at fault: %j', (field, wrong) => {
    expect(() => registerPtClass.parse({ ...particulars, ...wrong })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', details: { field } }),
    );
  });

  it.each([{ durationMinutes: 10 }, { durationMinutes: 240 }, { price: 0 }])('takes what is just allowed: %j', (just) => {
    expect(registerPtClass.parse({ ...particulars, ...just })).toMatchObject(just);
  });
});
