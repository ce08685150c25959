import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import type { Finding } from '../finding.ts';
import type { Base } from '../repository.ts';
import { forWhom, type ListenersOf } from './compatibility.ts';
import type { Declared } from './declared.ts';
import type { PublishedSchema } from './json-schema.ts';
import { schemaFile, schemaText } from './published.ts';

/**
 * Every example, published by the base or by this change, fits its version as it was and as it is. This finds what no schema tells:
 * refinements, and patterns that differ in nothing that matters.
 * `told` are the events of which enough has been said already.
 */
export function examples(events: readonly Declared[], base: Base, listenersOf: ListenersOf, told: ReadonlySet<string>): Finding[] {
  return events.flatMap((declared) => {
    const text = base.read(schemaFile(declared));
    if (text === undefined || told.has(`${declared.file}:${declared.line}`)) return [];
    const { event, file, line } = declared;
    const schema = JSON.parse(text) as PublishedSchema;
    const place = { check: 'events', at: { file, line }, ...forWhom(listenersOf(event.context, event.eventName)) } as const;
    const name = `${event.eventName}.v${event.version}`;
    const refused = (schema.examples ?? []).flatMap((example): Finding[] => {
      const { error } = event.payload.safeParse(example);
      if (!error) return [];
      return [
        {
          ...place,
          rule: 'event-example-refused',
          severity: 'error',
          change: 'breaking',
          message: `${name} no longer takes what was published as an example of it: ${issue(error.issues[0])}`,
          mend: 'keep taking it, or declare a new version beside this one',
        },
      ];
    });
    return refused.length > 0 || text === schemaText(declared) ? refused : [...unknown(schema, declared, name, place)];
  });
}

function* unknown(
  schema: PublishedSchema,
  { event }: Declared,
  name: string,
  place: Pick<Finding, 'check' | 'at' | 'for'>,
): Generator<Finding> {
  const ajv = new Ajv({ strict: false, logger: false });
  ajvFormats.default(ajv);
  const validate = ajv.compile(schema);
  for (const example of event.examples)
    if (!validate(example))
      yield {
        ...place,
        rule: 'event-example-unknown',
        severity: 'warning',
        change: 'dangerous',
        message: `an example of ${name} is not what was published so far: ${ajv.errorsText(validate.errors, { dataVar: 'it' })}`,
        mend: 'who listens must be deployed before the publisher',
      };
}

const issue = (it: { path: PropertyKey[]; message: string } | undefined): string =>
  it ? `${it.path.length > 0 ? `${it.path.join('.')}: ` : ''}${it.message}` : 'it does not fit';
