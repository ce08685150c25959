import { badInput, id as uuid } from '../domain/index.ts';
import { brokenCursor, decodeCursor, encodeCursor } from './cursor.ts';

const DEFAULT_FIRST = 20;
const MOST_FIRST = 100;

/** A list's arguments, as GraphQL hands them over. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** What a read model is to fetch. */
export interface Page {
  /** One row more than asked for: it tells whether there is a next page. */
  readonly take: number;
  /** Only rows whose id is lower (`where id < cursorId order by id desc`). */
  readonly cursorId?: string;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export interface Connection<Node> {
  readonly edges: { readonly node: Node; readonly cursor: string }[];
  readonly pageInfo: PageInfo;
}

/** Ids as lists are ordered by: a zod schema, or anything with `safeParse`. */
interface IdSchema {
  safeParse(value: unknown): { readonly success: boolean };
}

/**
 * Checks a Relay list's arguments; `first` is 20 when it is left out.
 * @param ids what the cursors' ids look like; UUIDs by default
 * @throws Refused BAD_INPUT for `first` below 1 or above 100, or an `after` that is no cursor
 */
export function pageOf({ first, after }: PageArguments, ids: IdSchema = uuid): Page {
  const size = first ?? DEFAULT_FIRST;
  if (!Number.isInteger(size) || size < 1 || size > MOST_FIRST) throw badInput('first', `first: must be 1 to ${MOST_FIRST}.`);
  if (after === null || after === undefined) return { take: size + 1 };
  const cursorId = decodeCursor(after);
  if (typeof cursorId !== 'string' || !ids.safeParse(cursorId).success) throw brokenCursor();
  return { take: size + 1, cursorId };
}

/**
 * The Relay connection of the fetched rows.
 * @param rows at most `take` of them, in the list's order
 * @param first as the client gave it; 20 when it is left out
 */
export function connectionOf<Node>(
  rows: readonly Node[],
  first: number | null | undefined,
  idOf: (row: Node) => string,
  { after }: Pick<PageArguments, 'after'> = {},
): Connection<Node> {
  const size = first ?? DEFAULT_FIRST;
  const edges = rows.slice(0, size).map((node) => ({ node, cursor: encodeCursor(idOf(node)) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: after !== null && after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
