import type { Aggregate } from '@madang/kernel/domain';
import type { AccountEvent, Role } from './events.ts';

export interface Messenger {
  readonly channel: 'TELEGRAM';
  readonly chatId: string;
}

/** Somebody who may sign in. What they sign in with is kept apart from it. */
export interface Account {
  readonly id: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly messenger: Messenger | null;
}

export const account: Aggregate<Account, AccountEvent> = {
  name: 'account',
  evolve(state, event) {
    if (event.name === 'AccountOpened') {
      const { accountId, displayName } = event.data;
      return { id: accountId, displayName, roles: ['CUSTOMER'], messenger: null };
    }
    if (state === null) throw new TypeError(`${event.name} before AccountOpened`);
    switch (event.name) {
      case 'RoleGranted':
        return { ...state, roles: [...state.roles, event.data.role] };
      case 'MessengerLinked':
        return { ...state, messenger: { channel: event.data.channel, chatId: event.data.chatId } };
    }
  },
};
