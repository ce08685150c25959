import { notFound, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import type { Rows } from '@madang/kernel/prisma';
import DataLoader from 'dataloader';
import type { Book } from '../book/book.ts';
import type { Book as Row } from '../generated/prisma/client.ts';

export type BookLoader = DataLoader<string, Book>;

/** Answers: which textbooks are there, and what do they cost? Everybody may know. */
export function books(rows: Rows<Row>) {
  const find = async (id: string): Promise<Book | null> => (uuid.safeParse(id).success ? rows.one('id', id) : null);

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
      const found: Book[] = await rows.newest(pageOf({ first, after }), []);
      return connectionOf(found, first, ({ id }) => id, { after });
    },

    /** One that is not there is a refusal, NOT_FOUND. */
    loader: (): BookLoader =>
      new DataLoader<string, Book>(async (ids) => {
        const some = await rows.among(
          'id',
          ids.filter((id) => uuid.safeParse(id).success),
        );
        const found = new Map(some.map((book) => [book.id, book]));
        return ids.map((id) => found.get(id) ?? notFound('The book'));
      }),
  };
}

export type BooksModel = ReturnType<typeof books>;
