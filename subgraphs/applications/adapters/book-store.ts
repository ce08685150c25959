import type { Store } from '@madang/kernel/context';
import { type Rows, saveRow } from '@madang/kernel/prisma';
import type { Book } from '../book/book.ts';
import type { Book as Row } from '../generated/prisma/client.ts';

/** Books by their ISBN. */
export const booksByIsbn = (rows: Rows<Row>): Store<Book> => ({
  async load(isbn) {
    const row = await rows.one('isbn', isbn);
    if (!row) return null;
    const { version, ...state } = row;
    return { state, version };
  },
  save: (state, version) => saveRow('Book', state, version),
});
