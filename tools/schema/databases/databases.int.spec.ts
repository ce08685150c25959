import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { testServers } from '../../../kernel/testing/servers.ts';
import { RepositoryCopy, told } from '../testing/repository-copy.ts';
import { checkDatabases } from './check.ts';

const SCHEMA = `datasource db {
  provider = "postgresql"
}
enum Shelf {
  OPEN
  CLOSED
}
model Book {
  id     String  @id @db.Uuid
  title  String
  author String?
  price  Int
  shelf  Shelf   @default(OPEN)
  @@map("book")
}
`;
const INIT = `CREATE TYPE "Shelf" AS ENUM ('OPEN', 'CLOSED');
CREATE TABLE "book" (
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "author" TEXT,
    "price" INTEGER NOT NULL,
    "shelf" "Shelf" NOT NULL DEFAULT 'OPEN',
    CONSTRAINT "book_pkey" PRIMARY KEY ("id")
);
`;
const FILE = 'prisma/books/schema.prisma';
const FIRST = 'prisma/books/migrations/20261001000000_init/migration.sql';
const SECOND = 'prisma/books/migrations/20261101000000_second/migration.sql';

let copy: RepositoryCopy;
beforeAll(() => {
  vi.stubEnv('DATABASE_URL', testServers().postgresUrl);
  copy = new RepositoryCopy().put(FILE, SCHEMA).put(FIRST, INIT).commit();
});
afterEach(() => void copy.restore());
afterAll(() => {
  vi.unstubAllEnvs();
  copy.remove();
});

/** A migration, and what schema.prisma says after it. */
function migrate(sql: string, ...schema: [from: string, to: string][]): void {
  copy.put(SECOND, sql);
  for (const [from, to] of schema) copy.replace(FILE, from, to);
}
const verdict = async () => (await copy.check(checkDatabases)).map(told);

test('a database that its migrations build passes', async () => {
  expect(await verdict()).toEqual([]);
});

test('what only schema.prisma has is missing in the migrations', async () => {
  copy.replace(FILE, '  price  Int\n', '  price  Int\n  pages  Int?\n');
  expect(await verdict()).toEqual([
    expect.stringMatching(/^error schema-drift: its migrations do not build what schema.prisma says; they lack: .*book.*pages.* \[books\]/),
  ]);
});

test('a statement that PostgreSQL refuses is told with its line', async () => {
  migrate('ALTER TABLE "book" ADD COLUMN "pages" INTEGER;\n\nALTER TABLE "books" ADD COLUMN "weight" INTEGER;\n');
  expect(await verdict()).toEqual([
    `error migration-fails: PostgreSQL refuses this statement: relation "books" does not exist [books] (${SECOND}:3)`,
  ]);
});

test('a released migration stays as it is', async () => {
  copy
    .replace(FIRST, '"title" TEXT NOT NULL', '"title" VARCHAR(80) NOT NULL')
    .replace(FILE, 'title  String', 'title  String @db.VarChar(80)');
  expect(await verdict()).toEqual([expect.stringMatching(/^error migration-edited: this migration is released.*migration.sql:4\)$/)]);
});

test('a released migration is not taken away', async () => {
  copy.put('prisma/books/migrations/20261001000000_begin/migration.sql', INIT).delete('prisma/books/migrations/20261001000000_init');
  expect(await verdict()).toEqual(
    expect.arrayContaining([
      expect.stringContaining('error migration-removed: the released migration 20261001000000_init is gone'),
      expect.stringContaining('error migration-out-of-order: 20261001000000_begin comes before 20261001000000_init, which is released'),
    ]),
  );
});

describe('a migration that is carried out while the released version still runs', () => {
  test('may add what that does not need', async () => {
    migrate(
      'ALTER TABLE "book" ADD COLUMN "pages" INTEGER;\nALTER TYPE "Shelf" ADD VALUE \'HIDDEN\';\n',
      ['price  Int\n', 'price  Int\n  pages  Int?\n'],
      ['CLOSED\n', 'CLOSED\n  HIDDEN\n'],
    );
    expect(await verdict()).toEqual([]);
  });

  test('may drop what that ignores already', async () => {
    copy.replace(FILE, 'author String?', 'author String? @ignore').commit();
    migrate('ALTER TABLE "book" DROP COLUMN "author";', ['  author String? @ignore\n', '']);
    const found = await verdict();
    copy.restore().replace(FILE, 'author String? @ignore', 'author String?').commit();
    expect(found).toEqual([]);
  });

  test.each<[what: string, sql: string, schema: [string, string][], expected: string]>([
    [
      'drop a column that it reads',
      'ALTER TABLE "book" DROP COLUMN "author";',
      [['  author String?\n', '']],
      'error column-dropped: book.author is dropped, which the released version reads [books: Book.author]',
    ],
    [
      'rename one, in whichever words',
      `DO $$ BEGIN EXECUTE 'ALTER TABLE book RENAME author TO writer'; END $$;`,
      [['author String?', 'author String? @map("writer")']],
      'error column-renamed: book.author is renamed to writer; the released version reads author [books: Book.author]',
    ],
    [
      'rewrite one in another type',
      'ALTER TABLE "book" ALTER COLUMN "price" SET DATA TYPE BIGINT;',
      [['price  Int', 'price  BigInt']],
      'error column-retyped: book.price was integer and becomes bigint [books: Book.price]',
    ],
    [
      'demand what it leaves empty',
      'ALTER TABLE "book" ALTER COLUMN "author" SET NOT NULL;',
      [['author String?', 'author String']],
      'error column-required: book.author becomes NOT NULL, and the released version leaves it empty [books: Book.author]',
    ],
    [
      'demand what it does not know',
      'ALTER TABLE "book" ADD COLUMN "pages" INTEGER NOT NULL;',
      [['price  Int\n', 'price  Int\n  pages  Int\n']],
      'error column-added-required: book.pages is new, NOT NULL and has no default',
    ],
    [
      'drop a table',
      'DROP TABLE "book";',
      [[SCHEMA.slice(SCHEMA.indexOf('model')), '']],
      'error table-dropped: the table book is dropped, which the released version reads [books: Book]',
    ],
    [
      'rename a table',
      'ALTER TABLE "book" RENAME TO "volume";\nALTER INDEX "book_pkey" RENAME TO "volume_pkey";',
      [['@@map("book")', '@@map("volume")']],
      'error table-renamed: the table book is renamed to volume [books: Book]',
    ],
    [
      'take a value out of an enum',
      `ALTER TABLE "book" ALTER COLUMN "shelf" DROP DEFAULT;
CREATE TYPE "Shelf_new" AS ENUM ('OPEN');
ALTER TABLE "book" ALTER COLUMN "shelf" TYPE "Shelf_new" USING ("shelf"::text::"Shelf_new");
ALTER TYPE "Shelf" RENAME TO "Shelf_old";
ALTER TYPE "Shelf_new" RENAME TO "Shelf";
DROP TYPE "Shelf_old";
ALTER TABLE "book" ALTER COLUMN "shelf" SET DEFAULT 'OPEN';`,
      [['  CLOSED\n', '']],
      'error enum-value-dropped: the enum Shelf loses CLOSED, which the released version writes [books: Shelf]',
    ],
    [
      'refuse rows that it writes',
      'ALTER TABLE "book" ADD CONSTRAINT "not_free" CHECK ("price" > 0);',
      [],
      'warning constraint-added: book has the new constraint not_free, CHECK ((price > 0)): the released version does not know it [books: Book]',
    ],
    [
      'lock a table for as long as it is written anew',
      'ALTER TABLE "book" ADD COLUMN "code" TEXT NOT NULL DEFAULT md5(random()::text);',
      [['price  Int\n', 'price  Int\n  code   String @default(dbgenerated("md5((random())::text)"))\n']],
      'warning table-rewritten: every row of book is written anew',
    ],
    [
      'take a default away',
      'ALTER TABLE "book" ALTER COLUMN "shelf" DROP DEFAULT;',
      [[' @default(OPEN)', '']],
      'warning default-dropped: book.shelf loses its default, and the released version may count on it [books: Book.shelf]',
    ],
  ])('must not %s', async (_what, sql, schema, expected) => {
    migrate(`-- written by hand\n${sql}\n`, ...schema);
    const found = await verdict();
    expect(found).toContainEqual(expect.stringContaining(expected));
    expect(found.filter((it) => it.includes('schema-drift'))).toEqual([]);
    expect(found.find((it) => it.includes(expected))).toMatch(new RegExp(`\\(${SECOND}:\\d\\)$`));
  });
});
