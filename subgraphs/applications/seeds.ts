import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { service } from '@madang/kernel/domain';
import type { Book } from './book/book.ts';
import type { Handlers } from './handlers.ts';

/** The catalogue of a demo; the books are invented. */
export const demoBooks: readonly Book[] = [
  {
    id: '01900000-0000-7000-8000-0000000b0001',
    isbn: '9791100000014',
    title: '수학의 기초',
    author: '김하늘',
    publisher: '마당교육',
    price: 18_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000b0002',
    isbn: '9791100000021',
    title: '개념 수학 상',
    author: '이바다',
    publisher: '마당교육',
    price: 16_500,
  },
  {
    id: '01900000-0000-7000-8000-0000000b0003',
    isbn: '9791100000038',
    title: '유형별 미적분',
    author: '박가람',
    publisher: '열린책상',
    price: 17_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000b0004',
    isbn: '9791100000045',
    title: '영어 독해 첫걸음',
    author: '최다온',
    publisher: '열린책상',
    price: 15_500,
  },
  {
    id: '01900000-0000-7000-8000-0000000b0005',
    isbn: '9791100000052',
    title: '어원으로 익히는 영단어',
    author: '정누리',
    publisher: '한울배움',
    price: 14_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000b0006',
    isbn: '9791100000069',
    title: '한 권으로 끝내는 물리학 I',
    author: '강슬기',
    publisher: '한울배움',
    price: 19_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000b0007',
    isbn: '9791100000076',
    title: '그림으로 보는 화학 I',
    author: '조은솔',
    publisher: '한울배움',
    price: 18_500,
  },
  {
    id: '01900000-0000-7000-8000-0000000b0008',
    isbn: '9791100000083',
    title: '깊이 있는 생명과학 II',
    author: '윤별',
    publisher: '새벽출판',
    price: 32_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000b0009',
    isbn: '9791100000090',
    title: '한국사 통사',
    author: '장한결',
    publisher: '새벽출판',
    price: 28_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000b0010',
    isbn: '9791100000106',
    title: '국어 문법 마당',
    author: '임소라',
    publisher: '새벽출판',
    price: 13_500,
  },
  {
    id: '01900000-0000-7000-8000-0000000b0011',
    isbn: '9791100000113',
    title: '알고리즘 문제 해결',
    author: '한지우',
    publisher: '너른마당',
    price: 50_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000b0012',
    isbn: '9791100000120',
    title: '자바 프로그래밍 입문',
    author: '오세린',
    publisher: '너른마당',
    price: 25_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000b0013',
    isbn: '9791100000137',
    title: '데이터베이스 개론',
    author: '서다미',
    publisher: '너른마당',
    price: 27_000,
  },
  {
    id: '01900000-0000-7000-8000-0000000b0014',
    isbn: '9791100000144',
    title: '토익 기본서 LC',
    author: '권이든',
    publisher: '열린책상',
    price: 19_800,
  },
];

/** Registers the demo's books, those that are not there yet: what an ADMIN has changed stays. */
export async function seedBooks(kernel: Kernel, books: Store<Book>, { registerBook }: Pick<Handlers, 'registerBook'>): Promise<void> {
  const cause: Cause = { actor: service(kernel.name), correlationId: kernel.newId() };
  for (const { id, ...particulars } of demoBooks) if (!(await books.load(particulars.isbn))) await registerBook(particulars, cause, id);
}
