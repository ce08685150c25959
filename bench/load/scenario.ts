import type { Person } from '../system/people.ts';
import type { Book } from '../system/textbooks.ts';

/** What the load generator is to do. Plain data. */
export interface Job {
  readonly scenario: 'apply' | 'page' | 'deep-page' | 'reserve' | 'ride' | 'exchange';
  /** The router's endpoint. */
  readonly url: string;
  /** Connections, each with one request on its way at any time: as many clients that ask again as soon as they have their answer. */
  readonly connections: number;
  /** Requests before the clock runs: code is compiled, pools are filled. */
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly people: readonly Person[];
  readonly books?: readonly Book[];
  /** What can be reserved. */
  readonly plans?: readonly Plan[];
  /** What points are exchanged for. */
  readonly giftItem?: Priced;
  /** One for each connection. */
  readonly kickboards?: readonly string[];
}

export interface Plan {
  readonly id: string;
  readonly price: number;
}

export interface Priced {
  readonly id: string;
  readonly points: number;
}

/** Something that was answered, to be looked up in the databases afterwards. */
export interface Kept {
  readonly id: string;
  readonly accountId: string;
  readonly amount: number;
  /** As it was answered. */
  readonly status: string;
}

/** What an answer is worth. */
export type Verdict =
  | { readonly kind: 'done'; readonly kept?: Kept }
  /** Accepted, not done yet. */
  | { readonly kind: 'deferred'; readonly kept: Kept }
  /** A definite or temporary no, with its code. */
  | { readonly kind: 'refused'; readonly code: string }
  /** Something else than was asked for. */
  | { readonly kind: 'wrong'; readonly why: string };

/** One request. */
export interface Shot {
  readonly token: string;
  readonly body: string;
  judge(answer: unknown): Verdict;
}

/** Makes a client's next request, which differs from all before; clients are numbered from 0. */
export type Scenario = (job: Job) => (client: number) => Shot;
