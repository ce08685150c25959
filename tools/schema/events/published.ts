import type { Repository } from '../repository.ts';
import { asyncApi, asyncApiText } from './asyncapi.ts';
import { type Declared, declarations, idOf } from './declared.ts';
import { publishedSchema, SCHEMAS } from './json-schema.ts';
import { usage } from './usage.ts';

/** The file that describes all channels. */
export const ASYNC_API = 'schema/asyncapi.yaml';

/** The file of an event's schema. */
export const schemaFile = (declared: Declared): string => `${SCHEMAS}/${idOf(declared.event)}.json`;

/** The schema of an event as it is committed. */
export const schemaText = (declared: Declared): string => `${JSON.stringify(publishedSchema(declared), null, 2)}\n`;

/**
 * What is generated from the events of a repository, by file; every other file in `schema/events` is left from before.
 * @throws Error that names the events.ts that cannot be loaded
 */
export async function publishedFiles(repository: Repository): Promise<Map<string, string>> {
  const { events, failures } = await declarations(repository);
  if (failures.length > 0) throw new Error(failures.map(({ file, message }) => `${file}: ${message}`).join('\n'));
  const files = new Map(events.map((it) => [schemaFile(it), schemaText(it)]));
  return files.set(ASYNC_API, asyncApiText(asyncApi(events, usage(repository))));
}
