import { type Actor, anonymous } from '@madang/kernel/domain';
import { createLogger } from '@madang/kernel/observability';
import { type Refusal, runningContext } from '@madang/kernel/testing/context';
import { accounts } from '../subgraph.ts';

/** The context with hashes that cost next to nothing; `now` can be moved. */
export async function runningAccounts(more: Record<string, string> = {}) {
  const lines: string[] = [];
  let ahead = 0;
  const context = await runningContext(accounts, {
    env: { ACCOUNTS_ARGON2_MEMORY_KIB: '64', ACCOUNTS_ARGON2_PASSES: '1', ACCOUNTS_SCRYPT_LOG_N: '5', ...more },
    clock: { now: () => new Date(Date.now() + ahead) },
    log: createLogger({ name: 'accounts', level: 'trace', destination: { write: (line) => void lines.push(line) } }),
  });
  const { rows, replica, close, tokenOf } = context;
  const url = context.url();

  return {
    url,
    replica,
    close,
    /** All that has been logged. */
    logged: () => lines.join('\n'),
    pass: (seconds: number) => {
      ahead += seconds * 1_000;
    },
    /** Asks the first replica, unless another is given. */
    ask: (query: string, variables?: object, actor?: Actor, to = url) => context.askWhole(query, variables, actor, to),
    /** As the router does for a client at that address. */
    async askFrom(address: string, query: string, variables: object) {
      const headers = {
        authorization: `Bearer ${await tokenOf(anonymous)}`,
        'content-type': 'application/json',
        'x-client-address': address,
      };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
      const { data, errors } = (await response.json()) as { data: Record<string, unknown> | null; errors?: { extensions: Refusal }[] };
      return { data, refusal: errors?.[0]?.extensions };
    },
    published: () => context.published<object>(),
    async hashOf(email: string): Promise<string> {
      const [row] = await rows<{ passwordHash: string }>('SELECT "passwordHash" FROM "Credential" WHERE "email" = $1', email);
      return row?.passwordHash ?? '';
    },
    /** Every row of every table, as text. */
    async dump(): Promise<string> {
      const tables = await rows<{ name: string }>(
        `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'kernel')`,
      );
      return JSON.stringify(await Promise.all(tables.map(({ name }) => rows(`SELECT t::text FROM ${name} t`))));
    },
    count: async (table: 'Account' | 'Credential'): Promise<number> => (await rows(`SELECT FROM "${table}"`)).length,
  };
}

export type RunningAccounts = Awaited<ReturnType<typeof runningAccounts>>;

const SESSION = '{ accessToken refreshToken expiresAt account { id email displayName roles } }';
export const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) ${SESSION} }`;
export const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) ${SESSION} }`;
export const REFRESH = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) ${SESSION} }`;
export const SIGN_OUT = 'mutation ($input: SignOutInput!) { signOut(input: $input) }';
export const GRANT_ROLE = 'mutation ($input: GrantRoleInput!) { grantRole(input: $input) { id roles } }';
export const LINK_MESSENGER = 'mutation ($input: LinkMessengerInput!) { linkMessenger(input: $input) { id messenger { channel chatId } } }';
