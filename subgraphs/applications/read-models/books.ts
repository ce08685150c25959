import { notFound, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import type { Book } from '../book/book.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

export type BookLoader = DataLoader<string, Book>;

/** Answers: which textbooks are there, and what do they cost? Everybody may know. */
export function books(prisma: PrismaClient) {
  const find = async (id: string): Promise<Book | null> => (uuid.safeParse(id).success ? prisma.book.findUnique({ where: { id } }) : null);

  return {
    find,

    /** @throws Refused NOT_FOUND */
    async byId(id: string): Promise<Book> {
      const book = await find(id);
      if (!book) throw notFound('The book');
      return book;
    },

    /** The last registered first. @throws Refused BAD_INPUT */
    async list({ first, after }: PageArguments): Promise<Connection<Book>> {
      const { take, cursorId } = pageOf({ first, after });
      const rows: Book[] = await prisma.book.findMany({
        ...(cursorId ? { where: { id: { lt: cursorId } } } : {}),
        orderBy: { id: 'desc' },
        take,
      });
      return connectionOf(rows, first, ({ id }) => id, { after });
    },

    /** One that is not there is a refusal, NOT_FOUND. */
    loader: (): BookLoader =>
      new DataLoader<string, Book>(async (ids) => {
        const rows = await Promise.all(ids.map(find));
        return rows.map((book) => book ?? notFound('The book'));
      }),
  };
}

export type BooksModel = ReturnType<typeof books>;
