import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { cleaningPlan, cleaningPlanRegistered } from './cleaning-plan.ts';
import { registerCleaningPlan } from './commands.ts';
import { decideRegisterCleaningPlan } from './decide.ts';

const [planId, newId] = ['01900000-0000-7000-8000-0000000d0001', '01900000-0000-7000-8000-0000000d0002'];
const particulars = { name: '원룸 청소', description: '방과 욕실', minutes: 120, price: 49_000 };
const registered = cleaningPlanRegistered({ id: planId, ...particulars });
const admin = { actor: user('a', 'CUSTOMER', 'ADMIN') };

describe('registering a cleaning plan', () => {
  it('makes it reservable', () => {
    given(cleaningPlan, [])
      .when(decideRegisterCleaningPlan, { ...particulars, newId }, admin)
      .then(cleaningPlanRegistered({ id: newId, ...particulars }));
  });

  it.each([{ price: 52_000 }, { minutes: 150 }, { description: '창틀까지' }])(
    'changes one that is there, which stays the same plan: %j',
    (other) => {
      given(cleaningPlan, [registered])
        .when(decideRegisterCleaningPlan, { ...particulars, ...other, newId }, admin)
        .then(cleaningPlanRegistered({ id: planId, ...particulars, ...other }));
    },
  );

  it('does nothing when nothing changes', () => {
    given(cleaningPlan, [registered])
      .when(decideRegisterCleaningPlan, { ...particulars, newId }, admin)
      .thenNothing();
  });

  it.each([
    ['UNAUTHENTICATED', anonymous],
    ['UNAUTHENTICATED', service('payments')],
    ['FORBIDDEN', user('a', 'CUSTOMER', 'MANAGER', 'TRAINER')],
  ])('is refused with %s for others than ADMIN', (code, actor) => {
    given(cleaningPlan, [])
      .when(decideRegisterCleaningPlan, { ...particulars, newId }, { actor })
      .thenRefused(code);
  });

  it('is done by this context for demo data', () => {
    given(cleaningPlan, [])
      .when(decideRegisterCleaningPlan, { ...particulars, newId }, { actor: service('reservations') })
      .then(cleaningPlanRegistered({ id: newId, ...particulars }));
  });

  it.each([
    ['name', { name: '  ' }],
    ['name', { name: 'x'.repeat(101) }],
    ['description', { description: '' }],
    ['minutes', { minutes: 9 }],
    ['minutes', { minutes: 1_441 }],
    ['price', { price: 0 }],
    ['price', { price: 1.5 }],
  ])('names %s as the field at fault: %j', (field, wrong) => {
    expect(() => registerCleaningPlan.parse({ ...particulars, ...wrong })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', details: { field } }),
    );
  });
});
