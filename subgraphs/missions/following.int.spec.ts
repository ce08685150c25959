import { anonymous, type User } from '@madang/kernel/domain';
import { eventually, times } from '@madang/kernel/testing';
import type { Watched } from '@madang/kernel/testing/context';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manager, type RunningMissions, runningMissions, stranger } from './testing/running-missions.ts';

let running: RunningMissions;
beforeAll(async () => {
  running = await runningMissions({ replicas: 2 });
});
afterAll(() => running?.close());

const FULL = ['MissionAchieved', 'MissionRewarded', 'MissionMessaged'];

describe('what follows an achievement', () => {
  it('is the reward and then the message, each once, however often they are told', async () => {
    const { id, customer, is } = await running.achieved();
    const rewardId = uuidv7();
    await running.granted(id, 3, { rewardId });
    await running.granted(id, 1, { rewardId });
    await eventually(() => is('REWARDED'));
    expect((await running.record(id, customer)).data).toMatchObject({ rewardedAt: expect.any(String), messagedAt: null, message: null });
    const messageId = uuidv7();
    await running.sent(id, 3, { messageId });
    await running.sent(id, 1, { messageId });
    await eventually(() => is('MESSAGED'));
    const { data } = await running.record(id, customer);
    expect(data).toMatchObject({ messagedAt: expect.any(String), message: { id: messageId }, messageFailure: null });
    expect(await running.told(id)).toEqual(FULL);
    const [, rewarded, messaged] = (await running.published(id)).map((event) => event.data);
    expect(rewarded).toMatchObject({ rewardId, accountId: customer.accountId, points: 300, title: '첫 교재 신청' });
    expect(messaged).toMatchObject({ messageId, channel: 'TELEGRAM' });
  });

  it('is one chain: same correlation, each caused by what arrived', async () => {
    const { id, is } = await running.achieved();
    const granted = await running.granted(id);
    await eventually(() => is('REWARDED'));
    const sent = await running.sent(id);
    await eventually(() => is('MESSAGED'));
    const [, ...followed] = await running.rows('SELECT correlation_id, causation_id FROM kernel.outbox WHERE key = $1 ORDER BY seq', id);
    expect(followed).toEqual([granted, sent].map((causation_id) => ({ correlation_id: 'test', causation_id })));
  });

  it('stays rewarded when the customer cannot be told, with the reason; a later message counts', async () => {
    const { id, customer, is } = await running.achieved();
    await running.granted(id);
    await running.failed(id, 2);
    const messageFailure = { reason: 'the chat was not found', at: expect.any(String) };
    await eventually(async () => (await running.told(id)).includes('MissionMessageFailed'));
    expect((await running.record(id, customer)).data).toMatchObject({ status: 'REWARDED', messagedAt: null, messageFailure });
    await running.sent(id);
    await eventually(() => is('MESSAGED'));
    expect((await running.record(id, customer)).data).toMatchObject({ messagedAt: expect.any(String), messageFailure: null });
    const before = await running.handled();
    await running.failed(id);
    await eventually(async () => (await running.handled()) > before);
    expect(await running.told(id)).toEqual(['MissionAchieved', 'MissionRewarded', 'MissionMessageFailed', 'MissionMessaged']);
  });

  it('waits for the reward when the message is told of first', async () => {
    const { id, customer, is } = await running.achieved();
    const before = await running.handled();
    await running.sent(id);
    await eventually(async () => (await running.handled()) > before);
    expect((await running.record(id, customer)).data).toMatchObject({ status: 'ACHIEVED', messagedAt: null, message: null });
    await running.granted(id);
    await eventually(() => is('MESSAGED'));
    expect(await running.told(id)).toEqual(FULL);
  });

  it('is nothing when the message is about something else', async () => {
    const { id, is } = await running.achieved();
    await running.granted(id);
    await eventually(() => is('REWARDED'));
    const before = await running.handled();
    await running.sent(id, 1, { template: 'GIFT_EXCHANGED' });
    await running.failed(id, 1, { about: { type: 'GIFT', id } });
    await eventually(async () => (await running.handled()) >= before + 2);
    expect(await running.told(id)).toEqual(['MissionAchieved', 'MissionRewarded']);
  });

  it('ends as MESSAGED in a hundred races of reward and message, on two replicas', async () => {
    await times(100, async (turn) => {
      const { id, is } = await running.achieved();
      const both = [() => running.granted(id), () => running.sent(id)];
      await Promise.all((turn % 2 === 0 ? both : both.reverse()).map((tell) => tell()));
      await eventually(() => is('MESSAGED'));
      expect(await running.told(id)).toEqual(FULL);
    });
    expect(await running.deadLetters()).toEqual([]);
  });
});

describe('a subscription', () => {
  interface Change {
    readonly status: string;
    readonly occurredAt: string;
    readonly cursor: string;
    readonly record: { readonly id: string; readonly mission: { readonly title: string } };
  }
  const WATCH = `subscription ($id: ID, $after: String) { missionStatusChanged(recordId: $id, after: $after) {
    status occurredAt cursor record { id mission { title } } } }`;

  /** Achieves one mission after the other until a subscription tells of it: then it has begun. */
  const begun = ({ seen }: Watched<Change>, achiever: User) =>
    eventually(async () => {
      await running.achieve(achiever, (await running.create({})).data?.id);
      return seen.length > 0;
    });

  it('is pushed each status, to whose it is and to staff; and what was missed', async () => {
    const customer = running.customer();
    const [own, staff, others] = [
      await running.watch<Change>(WATCH, customer),
      await running.watch<Change>(WATCH, manager),
      await running.watch<Change>(WATCH, stranger),
    ];
    await Promise.all([begun(own, customer), begun(staff, running.customer()), begun(others, stranger)]);
    const id = (await running.achieve(customer)).data?.id ?? '';
    await running.granted(id);
    await running.failed(id);
    await eventually(async () => (await running.told(id)).length === 3);
    await running.sent(id);
    const of = ({ seen }: Watched<Change>) => seen.filter(({ record }) => record.id === id);
    for (const watched of [own, staff])
      await eventually(() => expect(of(watched).map(({ status }) => status)).toEqual(['ACHIEVED', 'REWARDED', 'REWARDED', 'MESSAGED']));
    expect(of(own)[0]).toMatchObject({ occurredAt: expect.any(String), record: { id, mission: { title: '첫 교재 신청' } } });
    expect(of(others)).toEqual([]);
    const later = await running.watch<Change>(WATCH, customer, { id, after: of(own)[1]?.cursor });
    await eventually(() => expect(later.seen.map(({ status }) => status)).toEqual(['REWARDED', 'MESSAGED']));
    await Promise.all([own, staff, others, later].map((watched) => watched.stop()));
  });

  it('of what is not yours, or of nobody, is refused', async () => {
    const { id } = await running.achieved();
    expect(await (await running.watch(WATCH, stranger, { id })).ended).toBe('NOT_FOUND');
    expect(await (await running.watch(WATCH, anonymous)).ended).toBe('UNAUTHENTICATED');
  });
});
