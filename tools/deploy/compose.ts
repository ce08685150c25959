import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';

export type Service = {
  command?: string[];
  environment?: Record<string, string>;
  networks?: string[];
  ports?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  restart?: string;
};
export type ComposeFile = { services: Record<string, Service>; networks: Record<string, unknown>; volumes: Record<string, unknown> };

/** The file with its anchors and merge keys resolved, as an engine reads it. */
export function readCompose(text: string): ComposeFile {
  return parse(text, { merge: true }) as ComposeFile;
}

/** What the Compose specification's JSON schema (`deploy/compose-spec.json`) has against the file; empty when it is valid. */
export function schemaProblems(compose: ComposeFile, root: string): string[] {
  const schema = JSON.parse(readFileSync(path.join(root, 'deploy/compose-spec.json'), 'utf8'), withoutIds);
  // "duration" is Go's (1m30s), not ISO 8601's; the others are checked by the engine.
  const formats = { duration: /^(\d+(us|ms|s|m|h))+$/, ports: true, expose: true, subnet_ip_address: true } as const;
  const ajv = new Ajv2019({ strict: false, allErrors: true, formats });
  const validate = ajv.compile(schema);
  validate(compose);
  return (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`);
}

/** The schema carries ids of an older draft, which name what `$ref` finds anyway, and an address of its draft that nobody else uses. */
function withoutIds(this: unknown, key: string, value: unknown): unknown {
  return (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value;
}

/** The variables that `${…}` takes from whoever starts it, by name: whether the file insists on them. */
export function interpolated(text: string): Map<string, { required: boolean }> {
  const found = new Map<string, { required: boolean }>();
  for (const [, name = '', operator = ''] of text.matchAll(/\$\{([A-Z_]+)(:?[?-])?/g)) {
    found.set(name, { required: operator.endsWith('?') || found.get(name)?.required === true });
  }
  return found;
}
