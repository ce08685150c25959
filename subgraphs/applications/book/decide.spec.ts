import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { book, bookRegistered } from './book.ts';
import { registerBook } from './commands.ts';
import { decideRegisterBook } from './decide.ts';

const bookId = '01900000-0000-7000-8000-0000000b0001';
const newId = '01900000-0000-7000-8000-0000000b0002';
const particulars = { isbn: '9791100000014', title: '수학의 정석', author: '홍성대', publisher: '마당교육', price: 18_000 };
const registered = bookRegistered({ id: bookId, ...particulars });
const admin = { actor: user('a', 'CUSTOMER', 'ADMIN') };

describe('registering a book', () => {
  it('puts it into the catalogue', () => {
    given(book, [])
      .when(decideRegisterBook, { ...particulars, newId }, admin)
      .then(bookRegistered({ id: newId, ...particulars }));
  });

  it('changes the price of one that is there, which stays the same book', () => {
    given(book, [registered])
      .when(decideRegisterBook, { ...particulars, price: 19_000, newId }, admin)
      .then(bookRegistered({ id: bookId, ...particulars, price: 19_000 }));
  });

  it('does nothing when nothing changes', () => {
    given(book, [registered])
      .when(decideRegisterBook, { ...particulars, newId }, admin)
      .thenNothing();
  });

  it.each([
    ['UNAUTHENTICATED', anonymous],
    ['UNAUTHENTICATED', service('payments')],
    ['FORBIDDEN', user('a', 'CUSTOMER', 'MANAGER', 'TRAINER')],
  ])('is refused with %s for others than ADMIN', (code, actor) => {
    given(book, [])
      .when(decideRegisterBook, { ...particulars, newId }, { actor })
      .thenRefused(code);
  });

  it('is done by this context for demo data', () => {
    given(book, [])
      .when(decideRegisterBook, { ...particulars, newId }, { actor: service('applications') })
      .then(bookRegistered({ id: newId, ...particulars }));
  });
});

describe('what is registered', () => {
  it('takes an ISBN as books print it', () => {
    expect(registerBook.parse({ ...particulars, isbn: '979-11-000-0001-4' }).isbn).toBe('9791100000014');
  });

  it.each([
    ['isbn', { isbn: '9791100000017' }],
    ['isbn', { isbn: '123' }],
    ['title', { title: '  ' }],
    ['author', { author: 'x'.repeat(101) }],
    ['publisher', { publisher: '' }],
    ['price', { price: 0 }],
    ['price', { price: 10_000_001 }],
    ['price', { price: 1.5 }],
  ])('names %s as the field at fault: %j', (field, wrong) => {
    expect(() => registerBook.parse({ ...particulars, ...wrong })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', details: { field } }),
    );
  });
});
