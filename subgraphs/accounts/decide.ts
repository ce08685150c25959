import { type Decide, notFound, Refused, requireRole, requireUser } from '@madang/kernel/domain';
import type { z } from 'zod';
import type { Account } from './account.ts';
import type { grantRole, linkMessenger } from './commands.ts';
import { type AccountEvent, AccountOpened, MessengerLinked, RoleGranted } from './events.ts';

/** @throws Refused EMAIL_TAKEN when `state`, the account of that e-mail, is there */
export const decideSignUp: Decide<Account, { accountId: string; displayName: string }, AccountEvent> = (state, input) => {
  if (state !== null) throw new Refused('EMAIL_TAKEN', 'This e-mail has an account. Sign in instead.', { field: 'email' });
  return [AccountOpened({ accountId: input.accountId, displayName: input.displayName })];
};

/** By an ADMIN, or by this context itself (the first ADMIN, demo data). */
export const decideGrantRole: Decide<Account, z.infer<typeof grantRole.input>, AccountEvent> = (state, { accountId, role }, { actor }) => {
  if (actor.kind !== 'service' || actor.name !== 'accounts') requireRole(actor, 'ADMIN');
  if (state === null) throw notFound('The account');
  return state.roles.includes(role) ? [] : [RoleGranted({ accountId, role })];
};

/** By the account itself; `state` is its own. */
export const decideLinkMessenger: Decide<Account, z.infer<typeof linkMessenger.input>, AccountEvent> = (
  state,
  { channel, chatId },
  { actor },
) => {
  const { accountId } = requireUser(actor);
  if (state === null || state.id !== accountId) throw notFound('The account');
  if (state.messenger?.channel === channel && state.messenger.chatId === chatId) return [];
  return [MessengerLinked({ accountId, channel, chatId })];
};

/** A refresh token as it is kept. */
export interface RefreshTokenState {
  readonly expiresAt: Date;
  readonly spent: boolean;
  readonly sessionClosed: boolean;
}

/**
 * What follows when a refresh token is presented: it is exchanged, or, as it had been exchanged before, its session ends.
 * @throws Refused REFRESH_TOKEN_INVALID
 */
export function decideRefresh(token: RefreshTokenState, now: Date): 'exchange' | 'end-session' {
  if (token.spent) return 'end-session';
  if (token.sessionClosed || token.expiresAt <= now) throw refreshTokenInvalid();
  return 'exchange';
}

export const refreshTokenInvalid = () => new Refused('REFRESH_TOKEN_INVALID', 'This session is over. Sign in again.');
export const refreshTokenReused = () => new Refused('REFRESH_TOKEN_REUSED', 'This refresh token has been used before. Sign in again.');
export const invalidCredentials = () => new Refused('INVALID_CREDENTIALS', 'E-mail or password is wrong.');
