import { user } from '@madang/kernel/domain';
import type { RequestContext } from '@madang/kernel/graphql';
import type { Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import type { AccountDetails, AccountDetailsModel, AccountLoader, AccountShown } from './read-models/account-details.ts';

export interface Loaders {
  readonly accounts: AccountLoader;
}

type Context = RequestContext<Loaders>;

/** A detail that is at hand, or loaded as the one who asks may see it. */
const detail =
  <Name extends keyof AccountDetails>(name: Name) =>
  async (account: AccountShown, _: unknown, ctx: Context): Promise<AccountDetails[Name]> =>
    (name in account ? (account as AccountDetails) : await ctx.loaders.accounts.load(account.id))[name];

export const resolvers = (handlers: Handlers, accounts: AccountDetailsModel): Resolvers<Context> => ({
  Query: {
    me: (_, __, { cause: { actor } }) => (actor.kind === 'user' ? { id: actor.accountId } : null),
    account: (_, { id }, ctx) => accounts.byId(id, ctx.cause.actor),
  },
  Mutation: {
    signUp: (_, { input }, ctx) => handlers.signUp(input, ctx.cause),
    signIn: (_, { input }, ctx) => handlers.signIn(input, ctx.cause),
    refreshSession: (_, { input }) => handlers.refreshSession(input),
    signOut: (_, { input }) => handlers.signOut(input),
    grantRole: async (_, { input }, ctx) => ({ id: (await handlers.grantRole(input, ctx.cause)).id }),
    linkMessenger: async (_, { input }, ctx) => ({ id: (await handlers.linkMessenger(input, ctx.cause)).id }),
  },
  Account: {
    __resolveReference: ({ id }) => ({ id }),
    displayName: detail('displayName'),
    email: detail('email'),
    roles: detail('roles'),
    openedAt: detail('openedAt'),
    messenger: detail('messenger'),
  },
  Session: {
    account: ({ accountId }) => accounts.loader(user(accountId)).load(accountId),
  },
});
