import { MessengerLinked } from '@madang/accounts/events';
import { createLogger } from '@madang/kernel/observability';
import { eventually } from '@madang/kernel/testing';
import { ContextProcess, type ContextStage, contextStage } from '@madang/kernel/testing/context';
import { MissionRewarded } from '@madang/missions/events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runningNotifications } from './testing/running-notifications.ts';
import { says, type TelegramServer, telegramServer } from './testing/telegram-server.ts';

const SECRET = 'telegram-secret-of-the-test';
const of = { accountId: '01900000-0000-7000-8000-000000000001' };

let telegram: TelegramServer;
let stage: ContextStage;
let program: ContextProcess;
beforeAll(async () => {
  telegram = await telegramServer();
  stage = await contextStage('notifications', {
    TELEGRAM_BOT_TOKEN: `123456:${SECRET}`,
    TELEGRAM_API_URL: telegram.url,
    LOG_LEVEL: 'trace',
  });
  program = new ContextProcess(new URL('./main.ts', import.meta.url), stage.env);
});
afterAll(async () => {
  await program.kill();
  await stage.close();
  await telegram.close();
});

it('one that was under way when the process was killed is sent again, and told once', async () => {
  await program.start();
  await stage.publish(MessengerLinked, { ...of, chatId: '42' });
  await eventually(async () => (await stage.rows('SELECT FROM "LinkedChat"')).length === 1);
  telegram.answer('42', () => void program.kill('SIGKILL'), says.ok);
  const id = await stage.publish(MissionRewarded, of);
  await eventually(() => telegram.arrived('42').length === 1);
  await eventually(() => program.start().then(() => true));
  await eventually(async () => expect(await stage.told(id)).toEqual(['MessageSent']), { withinMs: 30_000 });
  expect(telegram.arrived('42')).toHaveLength(2);
  expect(await stage.openIntents()).toEqual([]);
}, 60_000);

it('an outage, a revoked token and a start with a wrong one tell the token nowhere', async () => {
  telegram.answer('42', says.unauthorized, says.internalError, says.nothing);
  await stage.publish(MissionRewarded, of);
  await eventually(() => telegram.arrived('42').length >= 5, { withinMs: 40_000 });
  await eventually(async () => expect(await stage.openIntents()).toMatchObject([{ last_error: expect.stringContaining('Telegram') }]));
  expect(program.output).toContain('TELEGRAM_BOT_TOKEN is wrong');
  const wrong = new ContextProcess(new URL('./main.ts', import.meta.url), { ...stage.env, TELEGRAM_BOT_TOKEN: `bot123456:${SECRET}` });
  await expect(wrong.start()).rejects.toThrow('TELEGRAM_BOT_TOKEN: is not the token of a bot');
  expect(program.output + wrong.output + JSON.stringify(await stage.openIntents())).not.toContain(SECRET);
}, 60_000);

it('without a token they stay in the app, also those that were queued; it is said once', async () => {
  const server = await telegramServer();
  server.answer('*', says.nothing);
  let log = '';
  const running = await runningNotifications({
    env: { TELEGRAM_BOT_TOKEN: `123456:${SECRET}`, TELEGRAM_API_URL: server.url },
    log: createLogger({ name: 'notifications', level: 'warn', destination: { write: (line) => (log += line) } }),
  });
  await running.linkChat(of, '43');
  const queued = await running.publish(MissionRewarded, of);
  await eventually(async () => expect(await running.messagesOf(of)).toMatchObject([{ id: queued, status: 'QUEUED' }]));
  await running.rest();

  await running.replica({ TELEGRAM_BOT_TOKEN: '' });
  const next = await running.publish(MissionRewarded, of);
  const sent = { status: 'SENT', channel: 'IN_APP' };
  await eventually(
    async () =>
      expect(await running.messagesOf(of)).toMatchObject([
        { id: next, ...sent },
        { id: queued, ...sent },
      ]),
    { withinMs: 20_000 },
  );
  expect(log.match(/TELEGRAM_BOT_TOKEN is not set/g)).toHaveLength(1);
  await running.close();
  await server.close();
}, 60_000);
