import { describe, expect, it } from 'vitest';
import { notificationsConfig, variables } from './config.ts';

describe('the configuration', () => {
  it('needs nothing', () => {
    expect(notificationsConfig({ TELEGRAM_BOT_TOKEN: '' })).toEqual({
      TELEGRAM_API_URL: 'https://api.telegram.org',
      TELEGRAM_TIMEOUT_MS: 3_000,
    });
    expect(variables).toEqual(['TELEGRAM_BOT_TOKEN', 'TELEGRAM_API_URL', 'TELEGRAM_TIMEOUT_MS']);
  });

  it('takes a bot', () => {
    const TELEGRAM_BOT_TOKEN = '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11';
    expect(notificationsConfig({ TELEGRAM_BOT_TOKEN })).toMatchObject({ TELEGRAM_BOT_TOKEN });
  });

  it('names what is wrong, without its value', () => {
    const start = () =>
      notificationsConfig({ TELEGRAM_BOT_TOKEN: 'bot123456:ABC-DEF1234ghIkl', TELEGRAM_API_URL: 'ftp://x', TELEGRAM_TIMEOUT_MS: '60000' });
    expect(start).toThrow(/TELEGRAM_BOT_TOKEN.*TELEGRAM_API_URL.*TELEGRAM_TIMEOUT_MS/);
    expect(start).not.toThrow(/ABC-DEF|ftp/);
  });
});
