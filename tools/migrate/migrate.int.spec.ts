import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testPrefix, testServers } from '../../kernel/testing/servers.ts';
import { root } from '../workspace.ts';
import { createMigration } from './dev.ts';
import { difference } from './engine.ts';
import { databaseUrl, migrate, migrationStatus } from './migrate.ts';
import { part } from './migrations.ts';

const SCHEMA = `datasource db {
  provider = "postgresql"
}
model Book {
  id      String   @id @db.Uuid
  title   String
  price   Int
  addedAt DateTime @map("added_at") @db.Timestamptz(3)
  @@map("book")
}
`;
const BY_HAND = `
ALTER TABLE "book" ADD CONSTRAINT "price_not_negative" CHECK ("price" >= 0);
CREATE UNIQUE INDEX "one_free_book" ON "book"("title") WHERE "price" = 0;
CREATE FUNCTION "discounted"(price int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN price / 2; END $$;
`;

let base: string;
let database: string;
const serverUrl = testServers().postgresUrl;
const migrations = () => path.join(base, 'prisma/books/migrations');

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl(serverUrl, database) });
  await client.connect();
  return client
    .query(sql)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}

function addMigration(name: string, sql: string): void {
  mkdirSync(path.join(migrations(), name), { recursive: true });
  writeFileSync(path.join(migrations(), name, 'migration.sql'), sql);
}

beforeAll(() => {
  base = mkdtempSync(path.join(tmpdir(), 'madang-migrate-spec-'));
});
beforeEach(() => {
  rmSync(path.join(base, 'prisma'), { recursive: true, force: true });
  mkdirSync(path.join(base, 'prisma/books'), { recursive: true });
  cpSync(path.join(root, 'prisma/kernel'), path.join(base, 'prisma/kernel'), { recursive: true });
  writeFileSync(path.join(base, 'prisma/books/schema.prisma'), SCHEMA);
  database = `${testPrefix()}_books`;
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('a migration', () => {
  test('is written from the change of the schema, may be edited by hand, and then says the same as the schema', async () => {
    const folder = await createMigration('books', 'init', serverUrl, base);
    expect(folder).toMatch(/migrations\/\d{14}_init$/);
    const file = path.join(folder as string, 'migration.sql');
    writeFileSync(file, readFileSync(file, 'utf8') + BY_HAND);
    expect(existsSync(path.join(migrations(), 'migration_lock.toml'))).toBe(true);

    await migrate({ context: 'books', serverUrl, database, base });
    expect(await createMigration('books', 'again', serverUrl, base)).toBeUndefined();
    expect(await difference(part('books', base), 'database', 'summary', databaseUrl(serverUrl, database))).toBeUndefined();
    expect(await difference(part('kernel', base), 'database', 'summary', databaseUrl(serverUrl, database))).toBeUndefined();
    expect(await query('SELECT discounted(10) AS price')).toEqual([{ price: 5 }]);
  });

  test('a column that lacks is found', async () => {
    await createMigration('books', 'init', serverUrl, base);
    writeFileSync(path.join(base, 'prisma/books/schema.prisma'), SCHEMA.replace('price ', 'pages Int\n  price '));
    expect(await difference(part('books', base), 'migrations', 'summary', databaseUrl(serverUrl, 'postgres'))).toContain('pages');
  });
});

describe('deploying', () => {
  test('applies the kernel first, and each migration once, however many do it', async () => {
    addMigration('1_one', 'CREATE TABLE one (id int)');
    addMigration('2_two', 'CREATE TABLE two (id int)');
    const all = await Promise.all(Array.from({ length: 4 }, () => migrate({ context: 'books', serverUrl, database, base })));
    const applied = all.flatMap((one) => one.applied);
    expect(applied.filter((name) => name.startsWith('books/'))).toEqual(['books/1_one', 'books/2_two']);
    expect(applied[0]).toMatch(/^kernel\//);
    expect(await query('SELECT count(*)::int AS n FROM _prisma_migrations WHERE finished_at IS NOT NULL')).toEqual([{ n: 2 }]);
  });

  test('names the context, the migration and the statement that failed, and tries again after it was corrected', async () => {
    addMigration('1_one', `CREATE TABLE one (id int PRIMARY KEY);\n\n-- twice; on purpose\nINSERT INTO one VALUES (1), (1);\nSELECT 1;\n`);
    await expect(migrate({ context: 'books', serverUrl, database, base })).rejects.toThrow(
      /^books: migration 1_one failed: duplicate key[\s\S]*1_one\/migration\.sql:4:\s+INSERT INTO one VALUES \(1\), \(1\)$/,
    );
    addMigration('1_one', 'CREATE TABLE one (id int PRIMARY KEY)');
    expect((await migrate({ context: 'books', serverUrl, database, base })).applied).toEqual(['books/1_one']);
  });

  test('stops before a migration that was left half done', async () => {
    addMigration('1_one', 'BEGIN; CREATE TABLE one (id int); COMMIT; SELECT nothing');
    await expect(migrate({ context: 'books', serverUrl, database, base })).rejects.toThrow('1_one failed');
    await expect(migrate({ context: 'books', serverUrl, database, base })).rejects.toThrow('1_one failed before');
    const status = await migrationStatus({ context: 'books', serverUrl, database, base });
    expect(status?.at(-1)?.failed.map(({ name }) => name)).toEqual(['1_one']);
  });

  test('tells when an applied migration was edited', async () => {
    addMigration('1_one', 'CREATE TABLE one (id int)');
    await migrate({ context: 'books', serverUrl, database, base });
    addMigration('1_one', 'CREATE TABLE one (id bigint)');
    const lines: string[] = [];
    await migrate({ context: 'books', serverUrl, database, base, log: (line) => lines.push(line) });
    expect(lines).toEqual([`books: 1_one was edited after it had been applied to ${database}`]);
  });
});
