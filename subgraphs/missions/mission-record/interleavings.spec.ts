import { service } from '@madang/kernel/domain';
import { describe, expect, it } from 'vitest';
import { MissionAchieved } from '../events.ts';
import { decideFollowMessage, decideReward } from './decide.ts';
import { type MissionRecord, type MissionRecordChange, type MissionRecordStatus, missionRecord } from './mission-record.ts';

const recordId = '01936d5e-0000-7000-8000-000000000501';
const now = new Date('2026-11-20T06:00:00Z');
const achieved = MissionAchieved({
  recordId,
  accountId: '01900000-0000-7000-8000-000000000001',
  missionId: '01936d5e-0000-7000-8000-000000000511',
  title: '첫 대여',
  points: 500,
  at: now.toISOString(),
});

/** A record, and what was published of it. */
interface Course {
  readonly state: MissionRecord;
  readonly told: readonly string[];
}
type Fact = (state: MissionRecord) => MissionRecordChange[];

const facts_ = { now, actor: service('missions') };
const message = { recordId, channel: 'TELEGRAM' };
const facts = {
  RewardGranted: (state) => decideReward(state, { recordId, rewardId: 'r' }, facts_),
  MessageSent: (state) => decideFollowMessage(state, { ...message, messageId: 'm', failure: null }, facts_),
  MessageFailed: (state) => decideFollowMessage(state, { ...message, messageId: 'm', failure: 'gone' }, facts_),
  /** Somebody sends it once more. */
  anotherSent: (state) => decideFollowMessage(state, { ...message, messageId: 'n', failure: null }, facts_),
} satisfies Record<string, Fact>;
type Name = keyof typeof facts;

const begin: Course = { state: missionRecord.evolve(null, achieved), told: ['MissionAchieved'] };

const run = (order: readonly Name[]): Course =>
  order.reduce<Course>(({ state, told }, name) => {
    const events = facts[name](state);
    const published = events.filter((event) => !event.unpublished).map((event) => event.name);
    return { state: events.reduce(missionRecord.evolve, state), told: [...told, ...published] };
  }, begin);

/** Every order of the facts. */
function* orders(names: readonly Name[], sofar: readonly Name[] = []): Generator<readonly Name[]> {
  if (names.length === 0) yield sofar;
  for (const [at, name] of names.entries()) yield* orders(names.toSpliced(at, 1), [...sofar, name]);
}

const worlds: Record<string, { facts: Name[]; ends: { status: MissionRecordStatus; failure?: string | null } }> = {
  'rewarded, nobody told yet': { facts: ['RewardGranted'], ends: { status: 'REWARDED' } },
  'told, the reward not heard of yet': { facts: ['MessageSent'], ends: { status: 'ACHIEVED', failure: null } },
  'rewarded and told': { facts: ['RewardGranted', 'MessageSent'], ends: { status: 'MESSAGED', failure: null } },
  'rewarded, and cannot be told': { facts: ['RewardGranted', 'MessageFailed'], ends: { status: 'REWARDED', failure: 'gone' } },
  'told after a failure': { facts: ['RewardGranted', 'MessageFailed', 'anotherSent'], ends: { status: 'MESSAGED', failure: null } },
};

/** What may be published after what. */
const FOLLOWS: Record<string, readonly string[]> = {
  MissionAchieved: ['MissionRewarded'],
  MissionRewarded: ['MissionMessaged', 'MissionMessageFailed'],
  MissionMessageFailed: ['MissionMessaged'],
  MissionMessaged: [],
};

function isSound({ told }: Course, order: readonly Name[]): void {
  for (const [at, name] of told.slice(1).entries())
    if (!FOLLOWS[told[at] ?? '']?.includes(name)) expect.fail(`${told.join(', ')} after ${order.join(', ')}`);
}

describe.each(Object.entries(worlds))('%s', (_, { facts: names, ends }) => {
  const all = [...orders(names)];

  it('ends the same in any order of what arrives', () => {
    for (const order of all) {
      const course = run(order);
      isSound(course, order);
      expect({ status: course.state.status, failure: course.state.message?.failure }, order.join(', ')).toEqual({
        failure: undefined,
        ...ends,
      });
    }
  });

  it('ends the same when everything is told twice, at once or later', () => {
    for (const order of all)
      for (const again of all) {
        const twice = [...order.flatMap((name) => [name, name]), ...again];
        isSound(run(twice), twice);
        expect(run(twice), twice.join(', ')).toEqual(run(order));
      }
  });
});
