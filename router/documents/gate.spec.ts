import { buildSchema, GraphQLError } from 'graphql';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { type DocumentSettings, documents } from '../settings/documents.ts';
import { gate } from './gate.ts';
import { safelist } from './safelist.ts';

const lines: Record<string, unknown>[] = [];
const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
const manifest = JSON.stringify({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [{ id: '1', name: 'Known', type: 'query', body: 'query Known { a }' }],
});
const entrance = (settings: Partial<DocumentSettings> = {}, tokens = 15_000) =>
  gate({ ...documents, ...settings }, tokens, safelist(manifest), log);

function thrown(read: () => unknown): GraphQLError {
  try {
    read();
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

it('reads nothing that is too long, has too many tokens, or is too deep for the parser', () => {
  expect(thrown(() => entrance({ documentCharacters: 5 }).read('{ ab }')).extensions).toEqual({
    code: 'DOCUMENT_TOO_LARGE',
    limit: 5,
    found: 6,
  });
  expect(thrown(() => entrance({}, 3).read('{ a b }')).extensions).toEqual({ code: 'TOO_MANY_TOKENS', limit: 3 });
  for (const deep of ['{a'.repeat(14_000), `{a(b:${'['.repeat(14_000)}`, `{a(b:${'{c:'.repeat(14_000)}`])
    expect(thrown(() => entrance({}, 1e9).read(deep)).extensions).toMatchObject({ code: 'DOCUMENT_TOO_DEEP' });
});

it('tells so many errors of a document, and suggests nothing where that is off', () => {
  const schema = buildSchema('type Query { name: String }');
  const { read, validate } = entrance({ validationErrors: 2, suggestions: 'off' });
  const errors = validate(schema, read('{ nama nane naem nam }')).map(({ message }) => message);
  expect(errors).toHaveLength(3);
  expect(errors.join()).not.toContain('Did you mean');
  expect(errors[2]).toContain('Too many validation errors');
  const open = entrance();
  expect(open.validate(schema, open.read('{ nama }'))[0]?.message).toContain('Did you mean "name"');
});

it('lets in what the safelist has; what it has not it lets in, logs or refuses', () => {
  const ask = (mode: DocumentSettings['safelistMode'], query: string) => {
    const { read, examine, isUnlisted } = entrance({ safelistMode: mode });
    const document = read(query);
    return [examine(document, undefined)?.extensions.code, isUnlisted(document, undefined, query)];
  };
  for (const mode of ['off', 'log', 'enforce'] as const) expect(ask(mode, 'query Known{a}')).toEqual([undefined, false]);
  expect(lines).toEqual([]);
  expect(ask('off', 'query Strange { a b }')).toEqual([undefined, false]);
  expect(ask('enforce', 'query Strange { a b }')).toEqual(['PERSISTED_OPERATION_REQUIRED', false]);
  expect(ask('log', 'query Strange { a b }')).toEqual([undefined, true]);
  expect(lines).toMatchObject([{ operation: 'Strange', type: 'query', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
});
