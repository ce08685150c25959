import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { says, type TelegramServer, telegramServer } from '../../testing/telegram-server.ts';
import { botApi } from './bot-api.ts';

const token = '123456:bot-api-secret-of-the-test';
let telegram: TelegramServer;
beforeAll(async () => {
  telegram = await telegramServer();
});
afterAll(() => telegram.close());

const api = (more: object = {}) => botApi({ url: telegram.url, token, timeoutMs: 300, ...more });

describe('sendMessage', () => {
  it('calls the method of the bot with chat and text', async () => {
    expect(await api({ url: `${telegram.url}/` }).sendMessage('-1001234', '제목\n\n본문')).toEqual({ kind: 'sent' });
    expect(telegram.arrived('-1001234')).toMatchObject([{ path: `/bot${token}/sendMessage`, text: '제목\n\n본문' }]);
  });

  it('cuts a text that is longer than Telegram takes', async () => {
    await api().sendMessage('7', `${'가'.repeat(4_094)}😀나다`);
    const [{ text } = { text: '' }] = telegram.arrived('7');
    expect(text).toHaveLength(4_096);
    expect(text.endsWith('…')).toBe(true);
    expect(text.isWellFormed()).toBe(true);
  });

  it.each(['chatNotFound', 'blocked', 'notFound'] as const)('%s is refused for good', async (what) => {
    telegram.answer(what, says[what]);
    expect(await api().sendMessage(what, 'x')).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/^(Bad|Forbidden|Not)/) });
  });

  it('429 says how long to wait', async () => {
    telegram.answer('limited', says.tooManyRequests(9));
    expect(await api().sendMessage('limited', 'x')).toEqual({ kind: 'limited', retryAfterMs: 9_000 });
  });

  it.each([
    ['internalError', /500/],
    ['badGateway', /502/],
    ['forbiddenByProxy', /403/],
    ['brokenBody', /200/],
    ['unauthorized', /401/],
    ['hangUp', /./],
    ['nothing', /no answer within 300 ms/],
  ] as const)('%s: the channel is out', async (what, reason) => {
    telegram.answer(what, says[what]);
    expect(await api().sendMessage(what, 'x')).toEqual({
      kind: 'out',
      reason: expect.stringMatching(reason),
      denied: what === 'unauthorized',
    });
  });

  it('a body that never ends is no answer', async () => {
    telegram.answer('endless', (response) => response.writeHead(200).write('{"ok":'));
    expect(await api().sendMessage('endless', 'x')).toMatchObject({ kind: 'out', reason: 'no answer within 300 ms' });
  });

  it('is led nowhere else', async () => {
    telegram.answer('moved', (response) => response.writeHead(307, { location: `${telegram.url}/elsewhere` }).end());
    expect(await api().sendMessage('moved', 'x')).toMatchObject({ kind: 'out' });
    expect(telegram.arrived('moved')).toHaveLength(1);
  });

  it('never tells the token', async () => {
    const echo = `Bad Request: bot${token} is not for you`;
    telegram.answer('echo', (response) => response.writeHead(400).end(JSON.stringify({ ok: false, error_code: 400, description: echo })));
    const answers = [
      await api().sendMessage('echo', 'x'),
      await api({ url: 'http://127.0.0.1:1' }).sendMessage('1', 'x'),
      await api({ url: 'http://no-such-host.invalid' }).sendMessage('1', 'x'),
      await api({ url: 'not a url' }).sendMessage('1', 'x'),
    ];
    expect(answers.map(({ kind }) => kind)).toEqual(['refused', 'out', 'out', 'out']);
    expect(inspect(answers, { depth: null })).not.toContain('bot-api-secret');
  });
});
