import { anonymous, fold, Refused, service, user } from '@madang/kernel/domain';
import { describe, expect, it } from 'vitest';
import { type Account, account } from './account.ts';
import { grantRole, linkMessenger, signIn, signUp } from './commands.ts';
import { decideGrantRole, decideLinkMessenger, decideRefresh, decideSignUp } from './decide.ts';
import { type AccountEvent, AccountOpened, MessengerLinked, RoleGranted } from './events.ts';

const now = new Date('2026-01-02T03:04:05Z');
const accountId = '01900000-0000-7000-8000-00000000000a';
const opened = AccountOpened({ accountId, displayName: '김마당' });
const given = (...events: AccountEvent[]): Account | null => fold(account, null, events);
const by = (actor: Parameters<typeof decideGrantRole>[2]['actor']) => ({ now, actor });

const refusal = (act: () => unknown): Refused => {
  try {
    act();
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error('not refused');
};

describe('signing up', () => {
  it('opens an account that holds CUSTOMER', () => {
    expect(decideSignUp(null, { accountId, displayName: '김마당' }, by(anonymous))).toEqual([opened]);
    expect(given(opened)).toEqual({ id: accountId, displayName: '김마당', roles: ['CUSTOMER'], messenger: null });
  });

  it('is refused for an e-mail that has an account', () => {
    expect(refusal(() => decideSignUp(given(opened), { accountId, displayName: 'x' }, by(anonymous))).code).toBe('EMAIL_TAKEN');
  });

  it('takes an e-mail as people mean it', () => {
    expect(signUp.parse({ email: '  Kim@Madang.Example ', password: 'long enough', displayName: ' 김 ' })).toEqual({
      email: 'kim@madang.example',
      password: 'long enough',
      displayName: '김',
    });
  });

  it.each([
    ['email', { email: 'nobody' }],
    ['email', { email: `${'a'.repeat(250)}@b.kr` }],
    ['password', { password: '1234567' }],
    ['password', { password: 'x'.repeat(129) }],
    ['displayName', { displayName: '   ' }],
    ['displayName', { displayName: 'a\u0000b' }],
    ['displayName', { displayName: 'x'.repeat(51) }],
  ])('names %s as the field at fault: %j', (field, wrong) => {
    const { code, details } = refusal(() => signUp.parse({ email: 'a@b.kr', password: 'long enough', displayName: 'a', ...wrong }));
    expect([code, details.field]).toEqual(['BAD_INPUT', field]);
  });

  it('counts a password in characters, not in units', () => {
    expect(() => signUp.parse({ email: 'a@b.kr', password: '🥁'.repeat(128), displayName: 'a' })).not.toThrow();
    expect(refusal(() => signUp.parse({ email: 'a@b.kr', password: '🥁'.repeat(7), displayName: 'a' })).details.field).toBe('password');
  });

  it('takes a password in one form, however it was composed', () => {
    const composed = signIn.parse({ email: 'a@b.kr', password: '한글비밀번호'.normalize('NFC') });
    expect(signIn.parse({ email: 'a@b.kr', password: '한글비밀번호'.normalize('NFD') })).toEqual(composed);
  });
});

describe('granting a role', () => {
  const trainer = { accountId, role: 'TRAINER' } as const;

  it('is for ADMIN', () => {
    expect(decideGrantRole(given(opened), trainer, by(user('x', 'CUSTOMER', 'ADMIN')))).toEqual([RoleGranted(trainer)]);
    expect(given(opened, RoleGranted(trainer))?.roles).toEqual(['CUSTOMER', 'TRAINER']);
  });

  it('is for this context itself, not for another one', () => {
    expect(decideGrantRole(given(opened), trainer, by(service('accounts')))).toHaveLength(1);
    expect(refusal(() => decideGrantRole(given(opened), trainer, by(service('payments')))).code).toBe('UNAUTHENTICATED');
  });

  it.each([
    ['UNAUTHENTICATED', anonymous],
    ['FORBIDDEN', user(accountId, 'CUSTOMER', 'MANAGER', 'TRAINER')],
  ])('is refused with %s otherwise', (code, actor) => {
    expect(refusal(() => decideGrantRole(given(opened), trainer, by(actor))).code).toBe(code);
  });

  it('does nothing when the role is held', () => {
    expect(decideGrantRole(given(opened, RoleGranted(trainer)), trainer, by(user('x', 'ADMIN')))).toEqual([]);
    expect(decideGrantRole(given(opened), { accountId, role: 'CUSTOMER' }, by(user('x', 'ADMIN')))).toEqual([]);
  });

  it('is refused for an account that is not there', () => {
    expect(refusal(() => decideGrantRole(null, trainer, by(user('x', 'ADMIN')))).code).toBe('NOT_FOUND');
    expect(refusal(() => grantRole.parse({ accountId: 'x', role: 'TRAINER' })).details.field).toBe('accountId');
    expect(refusal(() => grantRole.parse({ accountId, role: 'KING' })).details.field).toBe('role');
  });
});

describe('linking a messenger', () => {
  const chat = { channel: 'TELEGRAM', chatId: '42' } as const;

  it('is done by the account itself, and replaces what was linked', () => {
    expect(decideLinkMessenger(given(opened), chat, by(user(accountId)))).toEqual([MessengerLinked({ accountId, ...chat })]);
    expect(
      given(opened, MessengerLinked({ accountId, ...chat }), MessengerLinked({ accountId, ...chat, chatId: '-43' }))?.messenger?.chatId,
    ).toBe('-43');
  });

  it('does nothing when it is linked', () => {
    expect(decideLinkMessenger(given(opened, MessengerLinked({ accountId, ...chat })), chat, by(user(accountId)))).toEqual([]);
  });

  it.each([
    ['UNAUTHENTICATED', anonymous],
    ['UNAUTHENTICATED', service('payments')],
    ['NOT_FOUND', user('01900000-0000-7000-8000-00000000000b', 'ADMIN')],
  ])('is refused with %s for others', (code, actor) => {
    expect(refusal(() => decideLinkMessenger(given(opened), chat, by(actor))).code).toBe(code);
  });

  it.each(['', '@kim', '12 3', '0', '1'.repeat(20)])('does not take %j for a chat', (chatId) => {
    expect(refusal(() => linkMessenger.parse({ channel: 'TELEGRAM', chatId })).details.field).toBe('chatId');
  });
});

describe('presenting a refresh token', () => {
  const fresh = { expiresAt: new Date('2026-02-01T00:00:00Z'), spent: false, sessionClosed: false };

  it('exchanges a fresh one', () => {
    expect(decideRefresh(fresh, now)).toBe('exchange');
  });

  it('ends the session when it had been exchanged before', () => {
    expect(decideRefresh({ ...fresh, spent: true }, now)).toBe('end-session');
    expect(decideRefresh({ ...fresh, spent: true, sessionClosed: true }, now)).toBe('end-session');
  });

  it.each([
    ['expired', { ...fresh, expiresAt: now }],
    ['of a session that is over', { ...fresh, sessionClosed: true }],
  ])('is refused when it is %s', (_, token) => {
    expect(refusal(() => decideRefresh(token, now)).code).toBe('REFRESH_TOKEN_INVALID');
  });
});
