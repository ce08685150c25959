import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { parse } from 'yaml';

const require = createRequire(import.meta.url);

/** What is wrong with an AsyncAPI 3.0 document, by its specification's own schema; `exists` tells whether a file that it refers to is there. */
export function asyncApiProblems(text: string, exists: (file: string) => boolean): string[] {
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    return [`it is not YAML: ${(error as Error).message}`];
  }
  return [...byItsSchema(document), ...danglingReferences(document, exists)];
}

function byItsSchema(document: unknown): string[] {
  const schema = JSON.parse(readFileSync(require.resolve('@asyncapi/specs/schemas/3.0.0.json'), 'utf8')) as object;
  // The schema brings draft 7 along, which ajv would know twice.
  const ajv = new Ajv({ meta: false, strict: false, allErrors: true, validateFormats: false, logger: false });
  const validate = ajv.compile(schema);
  if (validate(document)) return [];
  const problems = (validate.errors ?? [])
    .filter(({ keyword, params }) => !['oneOf', 'anyOf', 'if'].includes(keyword) && params.missingProperty !== '$ref')
    .map(
      ({ instancePath, message, params }) => `${instancePath || '/'} ${message}${params.allowedValues ? `: ${params.allowedValues}` : ''}`,
    );
  return problems.length > 0 ? [...new Set(problems)] : ['it is no AsyncAPI 3.0 document'];
}

function danglingReferences(document: unknown, exists: (file: string) => boolean): string[] {
  const problems: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      if (key === '$ref' && typeof child === 'string' && !resolves(document, child, exists)) problems.push(`${child} leads nowhere`);
      visit(child);
    }
  };
  visit(document);
  return [...new Set(problems)];
}

function resolves(document: unknown, reference: string, exists: (file: string) => boolean): boolean {
  if (!reference.startsWith('#/')) return exists(reference);
  let at: unknown = document;
  for (const step of reference.slice(2).split('/')) at = (at as Record<string, unknown> | undefined)?.[step];
  return at !== undefined;
}
