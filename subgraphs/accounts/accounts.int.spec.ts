import { type Actor, anonymous, service, user } from '@madang/kernel/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoAccounts } from './seeds.ts';
import {
  GRANT_ROLE,
  LINK_MESSENGER,
  REFRESH,
  type RunningAccounts,
  runningAccounts,
  SIGN_IN,
  SIGN_UP,
} from './testing/running-accounts.ts';

const ACCOUNT = '{ id displayName email roles openedAt messenger { channel chatId } }';
const ENTITY = `query ($id: ID!) { _entities(representations: [{ __typename: "Account", id: $id }]) { ... on Account ${ACCOUNT} } }`;
const NOBODY = '01900000-0000-7000-8000-0000000000ff';
const [customer, manager, trainer, admin] = demoAccounts.map(({ id, role }) => user(id, 'CUSTOMER', role));
const hidden = { displayName: null, email: null, roles: null, openedAt: null, messenger: null };

let accounts: RunningAccounts;
beforeAll(async () => {
  accounts = await runningAccounts({ SEED: 'demo' });
});
afterAll(() => accounts.close());

let people = 0;
const signedUp = async () => {
  const input = { email: `park-${++people}@madang.example`, password: 'correct horse', displayName: '박마당' };
  const { data } = await accounts.ask(SIGN_UP, { input });
  return { ...data.signUp, ...data.signUp.account, ...input } as Record<'id' | 'email' | 'accessToken' | 'refreshToken', string>;
};
const seen = async (id: string, actor: Actor) => (await accounts.ask(ENTITY, { id }, actor)).data._entities[0];

describe('demo data', () => {
  it.each(demoAccounts)('has $email, who can sign in', async ({ id, email, password, displayName, role }) => {
    const { data } = await accounts.ask(SIGN_IN, { input: { email, password } });
    expect(data.signIn.account).toEqual({ id, email, displayName, roles: role === 'CUSTOMER' ? ['CUSTOMER'] : ['CUSTOMER', role] });
  });

  it('is made once, however often it is started', async () => {
    const before = await accounts.published();
    await Promise.all([accounts.replica(), accounts.replica()]);
    expect(await accounts.published()).toEqual(before);
  });
});

describe('me', () => {
  const ME = `{ me ${ACCOUNT} }`;

  it('is the account that asks, with everything of its own', async () => {
    const { id, email } = await signedUp();
    const { data } = await accounts.ask(ME, {}, user(id, 'CUSTOMER'));
    expect(data.me).toEqual({ id, email, displayName: '박마당', roles: ['CUSTOMER'], openedAt: expect.any(String), messenger: null });
  });

  it('is nobody for the anonymous and for services', async () => {
    for (const actor of [anonymous, service('payments')]) expect((await accounts.ask(ME, {}, actor)).data).toEqual({ me: null });
  });

  it('is an id without details for an account of another issuer', async () => {
    for (const id of [NOBODY, 'auth0|42']) expect((await accounts.ask(ME, {}, user(id))).data.me).toEqual({ id, ...hidden });
  });
});

describe('an account', () => {
  it('is seen by everybody as far as it is for them', async () => {
    const { id, email } = await signedUp();
    const all = { id, email, displayName: '박마당', roles: ['CUSTOMER'], openedAt: expect.any(String), messenger: null };
    expect(await seen(id, user(id))).toEqual(all);
    expect(await seen(id, admin as Actor)).toEqual(all);
    for (const staff of [manager, trainer]) expect(await seen(id, staff as Actor)).toEqual({ ...hidden, id, displayName: '박마당' });
    for (const other of [customer as Actor, anonymous, service('payments')]) expect(await seen(id, other)).toEqual({ ...hidden, id });
    expect(await seen(NOBODY, admin as Actor)).toEqual({ ...hidden, id: NOBODY });
  });

  it('is found by ADMIN', async () => {
    const QUERY = `query ($id: ID!) { account(id: $id) ${ACCOUNT} }`;
    const { id, email } = await signedUp();
    expect((await accounts.ask(QUERY, { id }, admin)).data.account.email).toBe(email);
    const refusals = await Promise.all(
      [admin, manager, user(id), anonymous].map(
        async (actor, at) => (await accounts.ask(QUERY, { id: at ? id : NOBODY }, actor)).refusal?.code,
      ),
    );
    expect(refusals).toEqual(['NOT_FOUND', 'FORBIDDEN', 'FORBIDDEN', 'UNAUTHENTICATED']);
    expect((await accounts.ask(QUERY, { id: 'x' }, admin)).refusal?.code).toBe('NOT_FOUND');
  });
});

describe('granting a role', () => {
  it('is told once, and is in the next tokens', async () => {
    const { id, refreshToken } = await signedUp();
    const grant = () => accounts.ask(GRANT_ROLE, { input: { accountId: id, role: 'TRAINER' } }, admin);
    const all = await Promise.all([grant(), grant(), grant()]);
    for (const { data } of all) expect(data.grantRole).toEqual({ id, roles: ['CUSTOMER', 'TRAINER'] });
    const granted = { name: 'RoleGranted', data: { accountId: id, role: 'TRAINER' } };
    expect(
      (await accounts.published()).filter(({ name, data }) => name === 'RoleGranted' && 'accountId' in data && data.accountId === id),
    ).toEqual([granted]);
    const { data } = await accounts.ask(REFRESH, { input: { refreshToken } });
    const claims = JSON.parse(Buffer.from(data.refreshSession.accessToken.split('.')[1], 'base64url').toString());
    expect(claims.roles).toEqual(['CUSTOMER', 'TRAINER']);
  });

  it('is refused to others, and for what is not there', async () => {
    const { id } = await signedUp();
    const before = (await accounts.published()).length;
    const code = async (input: object, actor: Actor | undefined) => (await accounts.ask(GRANT_ROLE, { input }, actor)).refusal?.code;
    expect(await code({ accountId: id, role: 'ADMIN' }, user(id, 'CUSTOMER'))).toBe('FORBIDDEN');
    expect(await code({ accountId: id, role: 'ADMIN' }, manager)).toBe('FORBIDDEN');
    expect(await code({ accountId: id, role: 'ADMIN' }, anonymous)).toBe('UNAUTHENTICATED');
    expect(await code({ accountId: id, role: 'ADMIN' }, service('payments'))).toBe('UNAUTHENTICATED');
    expect(await code({ accountId: NOBODY, role: 'ADMIN' }, admin)).toBe('NOT_FOUND');
    expect(await code({ accountId: 'x', role: 'ADMIN' }, admin)).toBe('BAD_INPUT');
    expect(await accounts.published()).toHaveLength(before);
  });

  it('is done at start for the first ADMIN', async () => {
    const { id } = await signedUp();
    await accounts.replica({ ACCOUNTS_ADMINS: `${NOBODY}, ${id}` });
    expect(await seen(id, user(id))).toMatchObject({ roles: ['CUSTOMER', 'ADMIN'] });
  });
});

describe('linking a messenger', () => {
  it('is told, and replaced by a later one', async () => {
    const { id } = await signedUp();
    const link = (chatId: string) => accounts.ask(LINK_MESSENGER, { input: { channel: 'TELEGRAM', chatId } }, user(id));
    expect((await link('42')).data.linkMessenger).toEqual({ id, messenger: { channel: 'TELEGRAM', chatId: '42' } });
    await link('42');
    expect((await link('-43')).data.linkMessenger.messenger.chatId).toBe('-43');
    const linked = (chatId: string) => ({ name: 'MessengerLinked', data: { accountId: id, channel: 'TELEGRAM', chatId } });
    expect((await accounts.published()).filter(({ name }) => name === 'MessengerLinked')).toEqual([linked('42'), linked('-43')]);
  });

  it.each([
    ['UNAUTHENTICATED', anonymous, '42'],
    ['UNAUTHENTICATED', service('payments'), '42'],
    ['NOT_FOUND', user(NOBODY), '42'],
    ['NOT_FOUND', user('auth0|42'), '42'],
    ['BAD_INPUT', customer as Actor, '@kim'],
  ])('is refused with %s', async (code, actor, chatId) => {
    expect((await accounts.ask(LINK_MESSENGER, { input: { channel: 'TELEGRAM', chatId } }, actor)).refusal?.code).toBe(code);
  });
});
