import { startContext } from '@madang/kernel/context';
import { type Actor, anonymous } from '@madang/kernel/domain';
import { internalTokens } from '@madang/kernel/identity';
import { createLogger } from '@madang/kernel/observability';
import { Database, raw, sql } from '@madang/kernel/prisma';
import { testDatabase, testPrefix, testServers } from '@madang/kernel/testing';
import { accounts } from '../subgraph.ts';

const SECRET = 'an internal secret of at least 32 characters';

/** An answer's data, loosely typed as tests read it, and its errors' extensions. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the query asks for
  readonly data: any;
  readonly refusal: { readonly code: string; readonly field?: string; readonly retryAfterSeconds?: number } | undefined;
  readonly text: string;
}

/** The context, running against a database of its own; `now` can be moved. */
export async function runningAccounts(more: Record<string, string> = {}) {
  const database = await testDatabase('accounts');
  const prefix = testPrefix();
  const lines: string[] = [];
  const time = { ahead: 0 };
  const start = (env: Record<string, string> = {}) =>
    startContext(
      accounts,
      {
        DATABASE_URL: database.url,
        ACCOUNTS_DATABASE: database.name,
        NATS_URL: testServers().natsUrl,
        NATS_PREFIX: prefix,
        INTERNAL_SECRET: SECRET,
        ACCOUNTS_ARGON2_MEMORY_KIB: '64',
        ACCOUNTS_ARGON2_PASSES: '1',
        ACCOUNTS_SCRYPT_LOG_N: '5',
        ...more,
        ...env,
      },
      {
        clock: { now: () => new Date(Date.now() + time.ahead) },
        log: createLogger({ name: 'accounts', level: 'trace', destination: { write: (line) => void lines.push(line) } }),
      },
    );
  const running = await start();
  const replicas = [running];
  const tokens = internalTokens(SECRET);
  const db = new Database({
    url: database.url,
    poolSize: 2,
    applicationName: 'test',
    log: createLogger({ name: 'accounts', level: 'silent' }),
  });

  return {
    db,
    url: running.url,
    /** All that has been logged. */
    logged: () => lines.join('\n'),
    pass: (seconds: number) => {
      time.ahead += seconds * 1_000;
    },
    /** Another replica on the same database. */
    async replica(env: Record<string, string> = {}) {
      const other = await start(env);
      replicas.push(other);
      return other.url;
    },
    async ask(query: string, variables: object = {}, actor: Actor = anonymous, url = running.url): Promise<Answer> {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokens.issue(actor, 'router')}` },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      const { data, errors } = JSON.parse(text);
      return { data, refusal: errors?.[0]?.extensions, text };
    },
    async published(): Promise<{ name: string; data: object }[]> {
      const rows = await db.query<{ type: string; data: object }>(sql`SELECT type, data FROM kernel.outbox ORDER BY seq`);
      return rows.map(({ type, data }) => ({ name: type.split('.')[2] ?? '', data }));
    },
    async hashOf(email: string): Promise<string> {
      const [row] = await db.query<{ passwordHash: string }>(sql`SELECT "passwordHash" FROM "Credential" WHERE "email" = ${email}`);
      return row?.passwordHash ?? '';
    },
    /** Every row of every table, as text. */
    async dump(): Promise<string> {
      const tables = await db.query<{ name: string }>(
        sql`SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'kernel')`,
      );
      const rows = await Promise.all(tables.map(({ name }) => db.query(raw(`SELECT t::text FROM ${name} t`))));
      return JSON.stringify(rows);
    },
    async count(table: 'Account' | 'Credential' | 'Session' | 'RefreshToken'): Promise<number> {
      const rows = await db.query(raw(`SELECT FROM "${table}"`));
      return rows.length;
    },
    async close() {
      for (const one of replicas) await one.close();
      await db.close();
      await database.drop();
    },
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
