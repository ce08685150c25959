import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { createMission } from './commands.ts';
import { decideCreateMission } from './decide.ts';
import { mission, missionCreated } from './mission.ts';

const newId = '01936d5e-0000-7000-8000-000000000511';
const particulars = { title: '첫 대여', description: '킥보드를 한 번 빌려 보세요.', points: 500 };
const created = missionCreated({ id: newId, ...particulars, active: true });

describe('creating a mission', () => {
  it.each([user('a', 'CUSTOMER', 'ADMIN'), service('missions')])('makes it achievable, by %j', (actor) => {
    given(mission, [])
      .when(decideCreateMission, { ...particulars, newId }, { actor })
      .then(created);
  });

  it('does nothing when it is there', () => {
    given(mission, [created])
      .when(decideCreateMission, { ...particulars, points: 1, newId }, { actor: service('missions') })
      .thenNothing();
  });

  it.each([
    ['UNAUTHENTICATED', anonymous],
    ['UNAUTHENTICATED', service('rewards')],
    ['FORBIDDEN', user('a', 'CUSTOMER', 'MANAGER', 'TRAINER')],
  ])('is refused with %s for others than ADMIN', (code, actor) => {
    given(mission, [])
      .when(decideCreateMission, { ...particulars, newId }, { actor })
      .thenRefused(code);
  });

  it.each([
    ['title', { title: '  ' }],
    ['title', { title: 'x'.repeat(101) }],
    ['description', { description: '' }],
    ['description', { description: 'x'.repeat(501) }],
    ['points', { points: 0 }],
    ['points', { points: 1_000_001 }],
    ['points', { points: 1.5 }],
    ['idempotencyKey', { idempotencyKey: '' }],
  ])('names %s as the field at fault: %j', (field, wrong) => {
    expect(() => createMission.parse({ ...particulars, ...wrong })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', details: { field } }),
    );
  });
});
