import { anonymous, type User } from '@madang/kernel/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Book } from './book/book.ts';
import { demoBooks } from './seeds.ts';
import { admin, manager, type RunningApplications, runningApplications } from './testing/running-applications.ts';

let running: RunningApplications;
beforeAll(async () => {
  running = await runningApplications({ replicas: 2 });
});
afterAll(() => running?.close());

const BOOK = '{ id isbn title author publisher price }';
const book = { isbn: '978-0-306-40615-7', title: '새 교재', author: '김하늘', publisher: '마당', price: 12_000 };
const register = (input: object, actor: User | typeof anonymous = admin) =>
  running.ask<Book>(`mutation ($input: RegisterBookInput!) { registerBook(input: $input) ${BOOK} }`, { input }, actor as User);
const byId = (id: string) => running.ask<Book>(`query ($id: ID!) { book(id: $id) ${BOOK} }`, { id }, anonymous);

describe('the catalogue', () => {
  it('has the demo books once, whoever starts', async () => {
    const rows = await running.rows<Book>('SELECT id, isbn FROM "Book" ORDER BY id');
    expect(rows).toEqual(demoBooks.map(({ id, isbn }) => ({ id, isbn })));
    expect(rows.length).toBeGreaterThanOrEqual(12);
  });

  it('is for everybody, the last registered first, in pages', async () => {
    type List = { edges: { node: Book }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    const list = (args: object) =>
      running.ask<List>(
        `query ($first: Int, $after: String) { books(first: $first, after: $after) { edges { node ${BOOK} } pageInfo { hasNextPage endCursor } } }`,
        args,
        anonymous,
      );
    const { data } = await list({ first: 5 });
    const newest = [...demoBooks].reverse();
    expect(data?.edges.map(({ node }) => node)).toEqual(newest.slice(0, 5));
    expect((await list({ first: 100, after: data?.pageInfo.endCursor })).data?.edges.map(({ node }) => node)).toEqual(newest.slice(5));
    expect((await list({ first: 0 })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'first' });
    expect((await list({ after: 'nonsense' })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'after' });
    for (const id of ['nothing', '01900000-0000-7000-8000-0000000bffff']) expect((await byId(id)).refusal?.code).toBe('NOT_FOUND');
  });

  it('is kept by ADMIN; the same ISBN is the same book', async () => {
    const { data } = await register(book);
    expect(data).toMatchObject({ ...book, isbn: '9780306406157' });
    expect((await register({ ...book, price: 13_000 })).data).toEqual({ ...data, price: 13_000 });
    expect((await byId(data?.id ?? '')).data).toEqual({ ...data, price: 13_000 });
    expect((await register(book, manager)).refusal?.code).toBe('FORBIDDEN');
    expect((await register(book, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect((await register({ ...book, isbn: '978-0-306-40615-8' })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'isbn' });
    expect((await register({ ...book, price: 0 })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'price' });
    expect((await byId(data?.id ?? '')).data?.price).toBe(13_000);
  });

  it('may be told twice by the same key', async () => {
    const once = { ...book, isbn: '9791186710777', idempotencyKey: 'this one' };
    const [first, second] = await Promise.all([register(once), register(once)]);
    expect(first.data).toMatchObject({ title: '새 교재' });
    expect(second.data).toEqual(first.data);
    expect((await register({ ...once, price: 1 })).refusal?.code).toBe('IDEMPOTENCY_CONFLICT');
  });
});

describe('a price that changes', () => {
  it('is for those who apply afterwards', async () => {
    const { data } = await register({ ...book, isbn: '9788966260959', price: 10_000 });
    const student = running.student();
    const before = await running.apply(student, { bookId: data?.id });
    await register({ ...book, isbn: '9788966260959', price: 11_000 });
    const after = await running.apply(student, { bookId: data?.id });
    expect([before.data?.amount, after.data?.amount]).toEqual([20_000, 22_000]);
    expect((await running.application(before.data?.id ?? '', student)).data?.amount).toBe(20_000);
  });
});
