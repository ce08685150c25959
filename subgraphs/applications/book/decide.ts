import { type Decide, type InputOf, requireRole } from '@madang/kernel/domain';
import { type Book, type BookEvent, bookRegistered } from './book.ts';
import type { registerBook } from './commands.ts';

/** Who keeps the catalogue beside ADMIN: this context itself, for demo data. */
const OURSELVES = 'applications';

/** `state` is the book of that ISBN, if there is one; `newId` is for a new one. */
export const decideRegisterBook: Decide<Book, InputOf<typeof registerBook> & { newId: string }, BookEvent> = (state, input, { actor }) => {
  if (actor.kind !== 'service' || actor.name !== OURSELVES) requireRole(actor, 'ADMIN');
  const { isbn, title, author, publisher, price } = input;
  const same = state !== null && state.title === title && state.author === author && state.publisher === publisher && state.price === price;
  if (same) return [];
  return [bookRegistered({ id: state?.id ?? input.newId, isbn, title, author, publisher, price })];
};
