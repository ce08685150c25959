import { describe, expect, it } from 'vitest';
import { accountsConfig, variables } from './config.ts';

const INTERNAL_SECRET = 'x'.repeat(32);

describe('the configuration', () => {
  it('needs nothing but the secret', () => {
    expect(accountsConfig({ INTERNAL_SECRET, ACCOUNTS_KEY_SECRET: '' })).toMatchObject({
      JWT_ISSUER: 'madang',
      ACCOUNTS_ACCESS_TOKEN_SECONDS: 900,
      ACCOUNTS_REFRESH_TOKEN_DAYS: 30,
      ACCOUNTS_ADMINS: [],
    });
    expect(variables).toContain('ACCOUNTS_KEY_SECRET');
  });

  it('takes the first ADMINs as a list of ids', () => {
    const [a, b] = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002'];
    expect(accountsConfig({ INTERNAL_SECRET, ACCOUNTS_ADMINS: ` ${a}, ${b},` }).ACCOUNTS_ADMINS).toEqual([a, b]);
  });

  it('names what is wrong, without its value', () => {
    const start = () => accountsConfig({ INTERNAL_SECRET: 'too short', ACCOUNTS_ADMINS: 'kim@madang.example' });
    expect(start).toThrow(/INTERNAL_SECRET.*ACCOUNTS_ADMINS/);
    expect(start).not.toThrow(/too short|kim@/);
  });
});
