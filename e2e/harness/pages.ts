import { expect } from 'vitest';
import type { Client } from './client.ts';

interface Page {
  readonly edges: readonly { readonly node: { readonly id: string; readonly status?: string }; readonly cursor: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly endCursor: string | null };
}

/** A list of the API: where it is (`me cleaningReservations`), and whether it can be filtered by status. */
export interface List {
  readonly at: string;
  readonly statuses?: readonly string[];
}

/** One page of a list; `where` are arguments as they are written in GraphQL. */
async function page(client: Client, { at, statuses }: List, where: string): Promise<Page> {
  const path = at.split(' ');
  const status = statuses ? 'status' : '';
  const list = `${path.at(-1)}(${where}) { edges { cursor node { id ${status} } } pageInfo { hasNextPage hasPreviousPage endCursor } }`;
  const query = path.slice(0, -1).reduceRight((inner, field) => `${field} { ${inner} }`, list);
  const data = await client.data<Record<string, unknown>>(`{ ${query} }`);
  return path.reduce<unknown>((value, field) => (value as Record<string, unknown>)[field], data) as Page;
}

const ids = ({ edges }: Page) => edges.map(({ node }) => node.id);

/** Walks the list in pages of one and of two: each entry once, newest first; then by each status: those in it, and all together. */
export async function expectToPaginateAndFilter(client: Client, list: List): Promise<void> {
  const { at, statuses = [] } = list;
  const whole = await page(client, list, 'first: 100');
  expect(whole.edges.length, `${at} has entries`).toBeGreaterThanOrEqual(2);
  for (const size of [1, 2]) {
    const walked: string[] = [];
    let after = '';
    for (let next = true; next; ) {
      const part = await page(client, list, `first: ${size}${after}`);
      expect(part.edges.length, at).toBeLessThanOrEqual(size);
      expect(part.pageInfo.endCursor).toBe(part.edges.at(-1)?.cursor);
      walked.push(...ids(part));
      next = part.pageInfo.hasNextPage;
      after = `, after: ${JSON.stringify(part.pageInfo.endCursor)}`;
    }
    expect(walked, `${at} in pages of ${size}`).toEqual(ids(whole));
  }
  expect(ids(whole), `${at} is newest first`).toEqual(ids(whole).toSorted().toReversed());
  const found: string[] = [];
  for (const status of statuses) {
    const those = await page(client, list, `first: 100, status: ${status}`);
    expect(new Set(those.edges.map(({ node }) => node.status)), `${at} in status ${status}`).toEqual(new Set([status]));
    found.push(...ids(those));
  }
  if (statuses.length > 0) expect(found.toSorted(), `${at} by status`).toEqual(ids(whole).toSorted());
}
