import type { Store } from '@madang/kernel/context';
import { saveRow } from '@madang/kernel/prisma';
import type { Book } from '../book/book.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** Books by their ISBN. */
export const booksByIsbn = (prisma: PrismaClient): Store<Book> => ({
  async load(isbn) {
    const row = await prisma.book.findUnique({ where: { isbn } });
    if (!row) return null;
    const { version, ...state } = row;
    return { state, version };
  },
  save: (state, version) => saveRow('Book', state, version),
});
