import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from 'graphql';
import type { Base } from './repository.ts';

/** The API of a running router as a base: it has `schema/api.graphql` and nothing else. @throws when it does not answer with its schema */
export async function routerBase(url: string): Promise<Base> {
  const api = printSchema(buildClientSchema(await introspect(url)));
  return { name: url, url, read: (file) => (file === 'schema/api.graphql' ? api : undefined), files: () => [] };
}

async function introspect(url: string): Promise<IntrospectionQuery> {
  const body = JSON.stringify({ query: getIntrospectionQuery({ inputValueDeprecation: true }) });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) }).catch((error: Error) => {
    throw new Error(`${url} does not answer: ${error.cause instanceof Error ? error.cause.message : error.message}`);
  });
  const answer = (await response.json().catch(() => ({}))) as { data?: IntrospectionQuery; errors?: { message: string }[] };
  if (!answer.data) throw new Error(`${url} does not tell its schema: ${answer.errors?.[0]?.message ?? `HTTP ${response.status}`}`);
  return answer.data;
}
