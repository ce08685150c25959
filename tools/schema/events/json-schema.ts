import { z } from 'zod';
import type { Declared } from './declared.ts';

/** The part of JSON Schema (draft 7) that zod writes. */
export interface JsonSchema {
  $schema?: string;
  $ref?: string;
  definitions?: Record<string, JsonSchema>;
  title?: string;
  description?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema | JsonSchema[];
  additionalItems?: boolean | JsonSchema;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  examples?: unknown[];
}

/** What `schema/events/<context>/<Event>.v<version>.json` holds: the payload's schema, examples, and how the event travels. */
export interface PublishedSchema extends JsonSchema {
  'x-madang': {
    /** CloudEvents `type`. */
    readonly type: string;
    /** Followed by `.<key>` on the broker. */
    readonly subject: string;
    /** The fields that its key is made of: events of one key are seen in order. */
    readonly key: readonly string[];
  };
}

/** The folder of the published schemas. */
export const SCHEMAS = 'schema/events';

/** The published schema of an event: what a consumer must be able to take, so unknown fields are allowed and defaults are not required. */
export function publishedSchema({ event, description }: Declared): PublishedSchema {
  const { $schema, ...schema } = z.toJSONSchema(event.payload, { io: 'input', target: 'draft-7', override }) as JsonSchema;
  return {
    ...($schema ? { $schema } : {}),
    title: event.eventName,
    ...(description ? { description } : {}),
    ...schema,
    examples: [...event.examples],
    'x-madang': { type: event.type, subject: event.subject, key: keyFields(event) },
  };
}

/** What a regular expression says beside a format, and the bounds of what a number can be anyway, would change with the library and mean nothing. */
function override({ jsonSchema }: { jsonSchema: object }): void {
  const schema: JsonSchema = jsonSchema;
  if (schema.format) delete schema.pattern;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

function keyFields({ key, examples }: Declared['event']): string[] {
  const read = new Set<string>();
  const [example] = examples;
  key(
    new Proxy(example as object, {
      get(target, field, receiver) {
        if (typeof field === 'string') read.add(field);
        return Reflect.get(target, field, receiver) as unknown;
      },
    }),
  );
  return [...read];
}
