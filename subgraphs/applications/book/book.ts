import type { Aggregate } from '@madang/kernel/domain';
import type { BookEvent } from '../events.ts';

/** A textbook (교재) as the catalogue has it. Its ISBN is what tells it apart. */
export interface Book {
  readonly id: string;
  readonly isbn: string;
  readonly title: string;
  readonly author: string;
  readonly publisher: string;
  /** Korean won for one copy. */
  readonly price: number;
}

export const book: Aggregate<Book, BookEvent> = {
  name: 'book',
  evolve(_, event) {
    const { bookId, ...particulars } = event.data;
    return { id: bookId, ...particulars };
  },
};
