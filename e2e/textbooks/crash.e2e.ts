import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadLetters } from '../harness/broker.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { type System, startSystem } from '../harness/system.ts';
import { type Clients, clientsOf, expectFollowerToHaveSeenAll, expectNoApplicationTooMany, killInTheMiddle } from './crash-round.ts';

const CONTEXTS = ['accounts', 'applications', 'payments', 'deliveries', 'payment-methods', 'notifications', 'my-pages'];

describe.for([
  ['a process per context', true, [...CONTEXTS.map((name) => [name]), ['router'], ['postgres'], ['nats']]],
  ['all contexts in one process', false, [['contexts'], ['postgres', 'nats', 'contexts', 'router']]],
] as const)('kill -9 in the middle of two hundred applications, %s', ([, processes, victims]) => {
  let system: System;
  let clients: Clients;

  beforeAll(async () => {
    system = await startSystem({ processes, fsync: true });
    clients = await clientsOf(system);
  });
  afterAll(async () => {
    await clients?.follower.stop();
    await system?.stop();
  });

  test.for(victims.map((names) => [names.join(', '), names] as const))(
    'of %s: all end within 30 s, with one payment and one delivery each, as the processor’s ledger has it',
    async ([, names]) => killInTheMiddle(clients, names),
  );

  test('afterwards each effect is there once, and a subscriber that came back each time has missed nothing', async () => {
    await untilQuiet(system);
    await expectNoApplicationTooMany(clients);
    await expectLedgerToEqualPayments(system);
    await expectEachPageRowOnce(system);
    await expectEachMessageOnce(system);
    expect(await deadLetters(await system.broker())).toBe(0);
    await expectFollowerToHaveSeenAll(clients);
  });
});
