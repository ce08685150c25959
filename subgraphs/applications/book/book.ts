import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';

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

export type BookEvent = Fact<'BookRegistered', Book>;

/** It is in the catalogue (교재 등록), new or with other particulars. */
export const bookRegistered = defineFact<BookEvent>('BookRegistered');

export const book: Aggregate<Book, BookEvent> = { name: 'book', evolve: (_, { data }) => data };
