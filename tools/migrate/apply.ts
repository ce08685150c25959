import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { HISTORY_TABLE, statusOf } from './history.ts';
import type { Migration, Part } from './migrations.ts';
import { failedStatement, isOneTransaction } from './statements.ts';

/** The lock that Prisma Migrate takes: whoever deploys second waits and then finds nothing to do. */
const PRISMA_LOCK = 72707369;

/** Applies what is pending, in order. Answers the names, as `<owner>/<migration>`. */
export async function applyPending(client: pg.Client, parts: Part[]): Promise<string[]> {
  const applied: string[] = [];
  await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
  try {
    for (const part of parts) {
      await client.query(`CREATE SCHEMA IF NOT EXISTS "${part.schema}"; SET search_path = "${part.schema}"; ${HISTORY_TABLE}`);
      const { pending, failed } = await statusOf(client, part);
      const [stuck] = failed;
      if (stuck)
        throw new Error(
          `${part.owner}: migration ${stuck.name} failed before and has to be cleared first (see prisma/README.md)\n${stuck.logs ?? ''}`,
        );
      for (const migration of pending) {
        await applyOne(client, part, migration);
        applied.push(`${part.owner}/${migration.name}`);
      }
    }
  } finally {
    await client.query('RESET search_path; SELECT pg_advisory_unlock_all()').catch(() => {});
  }
  return applied;
}

async function applyOne(client: pg.Client, part: Part, { name, sql, checksum }: Migration): Promise<void> {
  const table = `"${part.schema}"."_prisma_migrations"`;
  const id = randomUUID();
  await client.query(`INSERT INTO ${table} (id, checksum, migration_name) VALUES ($1, $2, $3)`, [id, checksum, name]);
  let completed = 0;
  const count = () => completed++;
  client.connection.on('commandComplete', count);
  try {
    await client.query(sql);
  } catch (error) {
    const message = explain(part.owner, name, sql, error, completed);
    await client.query('ROLLBACK').catch(() => {});
    // Nothing of a script without transactions of its own is left: it may simply be tried again.
    const rolledBack = isOneTransaction(sql) ? 'now()' : 'NULL';
    await client.query(`UPDATE ${table} SET logs = $2, rolled_back_at = ${rolledBack} WHERE id = $1`, [id, message]).catch(() => {});
    throw new Error(message, { cause: error });
  } finally {
    client.connection.off('commandComplete', count);
  }
  await client.query(`SET search_path = "${part.schema}"`); // a script may have changed it
  await client.query(`UPDATE ${table} SET finished_at = now(), applied_steps_count = 1 WHERE id = $1`, [id]);
}

function explain(owner: string, name: string, sql: string, error: unknown, completed: number): string {
  if (!(error instanceof pg.DatabaseError)) return `${owner}: migration ${name}: ${error instanceof Error ? error.message : error}`;
  const offset = error.position ? [...sql].slice(0, Number(error.position) - 1).join('').length : undefined;
  const statement = failedStatement(sql, offset, completed);
  const details = [error.detail, error.hint && `hint: ${error.hint}`].filter((line) => line);
  return [
    `${owner}: migration ${name} failed: ${error.message} (${error.code})`,
    ...details,
    ...(statement ? [`at prisma/${owner}/migrations/${name}/migration.sql:${statement.line}:`, statement.text.slice(0, 1_000)] : []),
  ].join('\n  ');
}
