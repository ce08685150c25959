import { type Actor, type User, user } from '@madang/kernel/domain';
import { type RunningContextOptions, runningContext } from '@madang/kernel/testing/context';
import { MessageFailed, MessageSent } from '@madang/notifications/events';
import { RewardGranted } from '@madang/rewards/events';
import { uuidv7 } from 'uuidv7';
import { demoMissions } from '../seeds.ts';
import { missions } from '../subgraph.ts';

export const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');
export const admin = user('01900000-0000-7000-8000-000000000004', 'CUSTOMER', 'ADMIN');
export const stranger = user('01900000-0000-7000-8000-0000000000ff', 'CUSTOMER', 'TRAINER');

/** A record as the tests read it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly points: number;
  readonly rewardedAt: string | null;
  readonly messagedAt: string | null;
  readonly messageFailure: { readonly reason: string; readonly at: string } | null;
}

export const MISSION = '{ id title description points active }';
export const RECORD = `{ id status title points achievedAt rewardedAt messagedAt message { id } messageFailure { reason at }
  account { id } mission { id title points } }`;

/** The context with the demo's missions; the test plays rewards and notifications. */
export async function runningMissions(options: RunningContextOptions = {}) {
  const context = await runningContext(missions, { ...options, env: { SEED: 'demo', ...options.env } });
  const { ask, rows, publish } = context;

  const achieve = (actor: Actor, missionId = demoMissions[0]?.id, idempotencyKey?: string) =>
    ask<Shown>(
      `mutation Achieve($input: AchieveMissionInput!) { achieveMission(input: $input) ${RECORD} }`,
      { input: { missionId, idempotencyKey } },
      actor,
    );
  const record = (id: string, actor: Actor) => ask<Shown>(`query ($id: ID!) { missionRecord(id: $id) ${RECORD} }`, { id }, actor);
  const messageOf = (recordId: string, more: object) => ({
    ...{ template: 'MISSION_REWARDED', channel: 'TELEGRAM', about: { type: 'MISSION_RECORD', id: recordId }, messageId: uuidv7() },
    ...more,
  });

  return {
    ...context,
    /** Another customer. */
    customer: (): User => user(uuidv7(), 'CUSTOMER'),
    create: (input: object, actor: Actor = admin) =>
      ask<{ id: string }>(
        `mutation Create($input: CreateMissionInput!) { createMission(input: $input) ${MISSION} }`,
        { input: { title: '새 미션', description: '해 보세요.', points: 50, ...input } },
        actor,
      ),
    achieve,
    record,
    /** Another customer's record of the first of the demo's missions. */
    async achieved() {
      const customer = user(uuidv7(), 'CUSTOMER');
      const id = (await achieve(customer)).data?.id ?? '';
      return { id, customer, is: async (status: string) => (await record(id, customer)).data?.status === status };
    },

    /** Tells of the reward of a record, as rewards would. Answers the event's id. */
    granted: (recordId: string, times?: number, more: object = {}) =>
      publish(RewardGranted, { recordId, rewardId: uuidv7(), ...more }, times),
    /** Tells that its message was sent, as notifications would. */
    sent: (recordId: string, times?: number, more: object = {}) => publish(MessageSent, messageOf(recordId, more), times),
    /** Tells that its message could not be delivered. */
    failed: (recordId: string, times?: number, more: object = {}) =>
      publish(MessageFailed, messageOf(recordId, { reason: 'the chat was not found', ...more }), times),
    /** How many events have had their effect, or had none. */
    handled: async () => (await rows('SELECT 1 FROM kernel.inbox')).length,
  };
}

export type RunningMissions = Awaited<ReturnType<typeof runningMissions>>;
