import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REFRESH, type RunningAccounts, runningAccounts, SIGN_IN, SIGN_OUT, SIGN_UP } from './testing/running-accounts.ts';

let accounts: RunningAccounts;
beforeAll(async () => {
  accounts = await runningAccounts({ ACCOUNTS_SIGN_IN_FIRST_WAIT_SECONDS: '60' });
});
afterAll(() => accounts.close());

let people = 0;
const somebody = () => ({ email: `kim-${++people}@madang.example`, password: 'correct horse', displayName: '김마당' });
const signedUp = async () => {
  const person = somebody();
  const { data } = await accounts.ask(SIGN_UP, { input: person });
  return { ...person, ...data.signUp };
};
const signIn = ({ email, password }: { email: string; password: string }, url?: string) =>
  accounts.ask(SIGN_IN, { input: { email, password } }, undefined, url);
const refresh = (refreshToken: string) => accounts.ask(REFRESH, { input: { refreshToken } });
const verified = async (accessToken: string) => {
  const jwks = (await (await fetch(new URL('/.well-known/jwks.json', accounts.url))).json()) as JSONWebKeySet;
  return jwtVerify(accessToken, createLocalJWKSet(jwks), { issuer: 'madang', audience: 'madang', algorithms: ['EdDSA'] });
};

describe('signing up', () => {
  it('opens an account, signs it in and tells that it was opened', async () => {
    const { data } = await accounts.ask(SIGN_UP, {
      input: { email: ' Lee@Madang.Example ', password: 'correct horse', displayName: '이' },
    });
    const { accessToken, expiresAt, account } = data.signUp;
    expect(account).toEqual({ id: account.id, email: 'lee@madang.example', displayName: '이', roles: ['CUSTOMER'] });
    const { payload, protectedHeader } = await verified(accessToken);
    expect(payload).toMatchObject({ sub: account.id, roles: ['CUSTOMER'], iss: 'madang', aud: 'madang', jti: expect.any(String) });
    expect([payload.exp, (payload.exp ?? 0) - (payload.iat ?? 0)]).toEqual([Date.parse(expiresAt) / 1_000, 900]);
    expect(protectedHeader).toMatchObject({ alg: 'EdDSA', kid: expect.any(String) });
    expect(await accounts.published()).toContainEqual({ name: 'AccountOpened', data: { accountId: account.id, displayName: '이' } });
  });

  it('with one e-mail at once opens exactly one account', async () => {
    const { email, ...rest } = somebody();
    const before = await accounts.count('Account');
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, n) => accounts.ask(SIGN_UP, { input: { ...rest, email: n % 2 ? email : email.toUpperCase() } })),
    );
    expect(all.map(({ refusal }) => refusal?.code ?? 'OK').sort()).toEqual([...Array(9).fill('EMAIL_TAKEN'), 'OK']);
    expect([await accounts.count('Account'), await accounts.count('Credential')]).toEqual([before + 1, before + 1]);
  });

  it.each([
    ['email', { email: 'nobody' }],
    ['password', { password: '1234567' }],
    ['password', { password: 'x'.repeat(129) }],
    ['displayName', { displayName: ' ' }],
  ])('refuses a bad %s and keeps nothing: %j', async (field, wrong) => {
    const before = await accounts.count('Account');
    const { refusal } = await accounts.ask(SIGN_UP, { input: { ...somebody(), ...wrong } });
    expect(refusal).toMatchObject({ code: 'BAD_INPUT', field });
    expect(await accounts.count('Account')).toBe(before);
  });
});

describe('signing in', () => {
  it('gives a session, whatever the case of the e-mail', async () => {
    const { email, password, account } = await signedUp();
    const { data } = await signIn({ email: email.toUpperCase(), password });
    expect(data.signIn.account.id).toBe(account.id);
    expect((await verified(data.signIn.accessToken)).payload.sub).toBe(account.id);
  });

  it('answers the same to a wrong password and an unknown e-mail', async () => {
    const { email } = await signedUp();
    const [wrong, unknown] = await Promise.all([
      signIn({ email, password: 'wrong horse' }),
      signIn({ email: 'nobody@madang.example', password: 'x' }),
    ]);
    expect(wrong.refusal?.code).toBe('INVALID_CREDENTIALS');
    expect(wrong.text).toBe(unknown.text);
  });

  it.each([
    ['email', { email: ' ' }],
    ['email', { email: 'a\u0000@b.kr' }],
    ['email', { email: 'a\ud800@b.kr' }],
    ['password', { password: '' }],
    ['password', { password: 'x'.repeat(1_001) }],
  ])('refuses a bad %s: %j', async (field, wrong) => {
    expect((await signIn({ ...somebody(), ...wrong })).refusal).toMatchObject({ code: 'BAD_INPUT', field });
  });

  it('works many times at once', async () => {
    const person = await signedUp();
    const all = await Promise.all(Array.from({ length: 30 }, () => signIn(person)));
    expect(all.filter(({ refusal }) => refusal)).toEqual([]);
  });

  it.each(['known', 'unknown'])('has to wait after ten failures, on every replica, for a %s e-mail', async (which) => {
    const person = which === 'known' ? await signedUp() : somebody();
    const replica = await accounts.replica();
    const guesses = await Promise.all(
      Array.from({ length: 30 }, (_, n) => signIn({ ...person, password: `guess ${n}` }, n % 2 ? replica : undefined)),
    );
    expect(guesses.filter(({ refusal }) => refusal?.code === 'INVALID_CREDENTIALS')).toHaveLength(10);
    const { refusal } = await signIn(person, replica);
    expect(refusal).toMatchObject({ code: 'TRY_AGAIN_LATER' });
    // Those that came too late were failures, too.
    expect(refusal?.retryAfterSeconds).toBeGreaterThan(800);
    expect(refusal?.retryAfterSeconds).toBeLessThanOrEqual(900);
    accounts.pass(901);
    expect((await signIn(person, replica)).refusal?.code).toBe(which === 'known' ? undefined : 'INVALID_CREDENTIALS');
  });

  it('is slowed down where somebody guesses, and not where the owner has been before', async () => {
    const { email, password } = await signedUp();
    const from = (address: string, word: string) => accounts.askFrom(address, SIGN_IN, { input: { email, password: word } });
    expect((await from('198.51.100.1', password)).refusal).toBeUndefined();
    for (let guess = 0; guess < 30; guess++)
      expect((await from(`203.0.113.${guess}`, `guess ${guess}`)).refusal?.code).toBe('INVALID_CREDENTIALS');
    expect((await from('203.0.113.99', password)).refusal).toMatchObject({ code: 'TRY_AGAIN_LATER', retryAfterSeconds: 60 });
    expect((await from('198.51.100.1', password)).refusal).toBeUndefined();
    accounts.pass(61);
    expect((await from('203.0.113.99', password)).refusal).toBeUndefined();
  });

  it('tries no more in one document after the first that fails', async () => {
    const { email, password } = await signedUp();
    const words = [...Array.from({ length: 25 }, (_, n) => `guess ${n}`), password];
    const fields = words.map((word, n) => `g${n}: signIn(input: { email: "${email}", password: "${word}" }) { expiresAt }`);
    const { data, text } = await accounts.ask(`mutation { ${fields.join(' ')} }`);
    expect(data).toBeNull();
    expect(JSON.parse(text).errors).toMatchObject([{ path: ['g0'], extensions: { code: 'INVALID_CREDENTIALS' } }]);
    expect((await signIn({ email, password })).refusal).toBeUndefined();
  });

  it('counts who finds out with signUp which e-mails are taken', async () => {
    const { email } = await signedUp();
    const taken = () => accounts.askFrom('192.0.2.7', SIGN_UP, { input: { email, password: 'correct horse', displayName: 'x' } });
    for (let guess = 0; guess < 100; guess++) expect((await taken()).refusal?.code).toBe('EMAIL_TAKEN');
    expect((await taken()).refusal).toMatchObject({ code: 'TRY_AGAIN_LATER' });
    const unknown = { email: 'unknown@madang.example', password: 'x' };
    expect((await accounts.askFrom('192.0.2.7', SIGN_IN, { input: unknown })).refusal?.code).toBe('TRY_AGAIN_LATER');
    expect((await accounts.askFrom('192.0.2.8', SIGN_IN, { input: unknown })).refusal?.code).toBe('INVALID_CREDENTIALS');
  });

  it('forgets the failures once it went well', async () => {
    const person = await signedUp();
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 5; n++) await signIn({ ...person, password: 'guess' });
      expect((await signIn(person)).refusal).toBeUndefined();
    }
  });

  it('makes the hash anew when its parameters have changed', async () => {
    const person = await signedUp();
    const dearer = await accounts.replica({ ACCOUNTS_ARGON2_MEMORY_KIB: '128', ACCOUNTS_SCRYPT_LOG_N: '6' });
    const hash = async () => (await accounts.hashOf(person.email)).split('$').slice(0, -2).join('$');
    const before = await hash();
    expect((await signIn(person, dearer)).refusal).toBeUndefined();
    expect(await hash()).not.toBe(before);
    expect((await signIn(person)).refusal).toBeUndefined();
  });
});

describe('a session', () => {
  it('goes on with new tokens', async () => {
    const { refreshToken, accessToken, account } = await signedUp();
    const { data } = await refresh(refreshToken);
    expect(data.refreshSession.account.id).toBe(account.id);
    expect(data.refreshSession.refreshToken).not.toBe(refreshToken);
    expect(data.refreshSession.accessToken).not.toBe(accessToken);
    expect((await refresh(data.refreshSession.refreshToken)).refusal).toBeUndefined();
  });

  it('ends when a token comes a second time', async () => {
    const { refreshToken, ...person } = await signedUp();
    const other = (await signIn(person)).data.signIn.refreshToken;
    const next = (await refresh(refreshToken)).data.refreshSession.refreshToken;
    expect((await refresh(refreshToken)).refusal?.code).toBe('REFRESH_TOKEN_REUSED');
    expect((await refresh(next)).refusal?.code).toBe('REFRESH_TOKEN_INVALID');
    expect((await refresh(refreshToken)).refusal?.code).toBe('REFRESH_TOKEN_REUSED');
    expect((await refresh(other)).refusal).toBeUndefined();
  });

  it('is won by one of many that refresh it at once', async () => {
    for (let round = 0; round < 5; round++) {
      const { refreshToken } = await signedUp();
      const all = await Promise.all(Array.from({ length: 6 }, () => refresh(refreshToken)));
      expect(all.map(({ refusal }) => refusal?.code ?? 'OK').sort()).toEqual(['OK', ...Array(5).fill('REFRESH_TOKEN_REUSED')]);
    }
  });

  it('is over after 30 days without a refresh', async () => {
    const { refreshToken } = await signedUp();
    accounts.pass(29 * 86_400);
    const { data } = await refresh(refreshToken);
    accounts.pass(30 * 86_400 + 1);
    expect((await refresh(data.refreshSession.refreshToken)).refusal?.code).toBe('REFRESH_TOKEN_INVALID');
  });

  it('is over after signing out, others are not', async () => {
    const { refreshToken, ...person } = await signedUp();
    const other = (await signIn(person)).data.signIn.refreshToken;
    expect((await accounts.ask(SIGN_OUT, { input: { refreshToken } })).data).toEqual({ signOut: true });
    expect((await refresh(refreshToken)).refusal?.code).toBe('REFRESH_TOKEN_INVALID');
    expect((await accounts.ask(SIGN_OUT, { input: { refreshToken } })).data).toEqual({ signOut: true });
    expect((await refresh(other)).refusal).toBeUndefined();
  });

  it.each(['', 'nonsense', 'x'.repeat(256)])('is not had by the token %j', async (refreshToken) => {
    expect((await refresh(refreshToken)).refusal?.code).toBe(refreshToken === '' ? 'BAD_INPUT' : 'REFRESH_TOKEN_INVALID');
    const { data, refusal } = await accounts.ask(SIGN_OUT, { input: { refreshToken } });
    expect(refusal?.code ?? data.signOut).toBe(refreshToken === '' ? 'BAD_INPUT' : true);
  });
});

describe('what is kept', () => {
  it('is neither password nor token; events and logs have no e-mail either', async () => {
    const { email, password, refreshToken, accessToken } = await signedUp();
    await signIn({ email, password: 'wrong horse' });
    await refresh(refreshToken);
    await accounts.ask(SIGN_UP, { input: { email, password, displayName: 'x' } });
    const dump = await accounts.dump();
    for (const secret of [password, 'wrong horse', refreshToken, accessToken]) expect(dump).not.toContain(secret);
    const events = JSON.stringify(await accounts.published());
    for (const secret of ['@', password, refreshToken, accessToken]) {
      expect(events).not.toContain(secret);
      if (secret !== '@') expect(accounts.logged()).not.toContain(secret);
    }
    expect(accounts.logged()).not.toContain('madang.example');
  });
});

describe('what verifiers read', () => {
  it('is true', async () => {
    const configuration = await (await fetch(new URL('/.well-known/openid-configuration', accounts.url))).json();
    expect(configuration).toMatchObject({ issuer: 'madang', id_token_signing_alg_values_supported: ['EdDSA'] });
  });
});
