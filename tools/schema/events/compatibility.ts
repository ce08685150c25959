import type { Finding } from '../finding.ts';
import type { Base } from '../repository.ts';
import type { Declared } from './declared.ts';
import { type Difference, differences } from './differences.ts';
import { type PublishedSchema, SCHEMAS } from './json-schema.ts';
import { schemaFile, schemaText } from './published.ts';

/** Who listens to an event. */
export type ListenersOf = (context: string, eventName: string) => readonly string[];

type Verdict = Pick<Finding, 'severity' | 'change' | 'mend'>;

const BREAKING = { severity: 'error', change: 'breaking' } as const;
const RULES: Record<Difference['kind'], Verdict> = {
  removed: { ...BREAKING, mend: 'keep the field; to be rid of it, declare a new version beside this one' },
  required: { ...BREAKING, mend: 'make it optional: the events in the streams do not have it; or declare a new version beside this one' },
  narrowed: { ...BREAKING, mend: 'keep taking what was taken so far; or declare a new version beside this one' },
  widened: {
    severity: 'warning',
    change: 'dangerous',
    mend: 'who listens must be deployed before the publisher; an older one puts such events among its dead letters',
  },
  added: { severity: 'info', change: 'safe' },
};

/** What has become of the published events since the base. */
export function compatibility(events: readonly Declared[], base: Base, listenersOf: ListenersOf): Finding[] {
  const before = base.files(SCHEMAS, '.json').map((file) => ({ file, schema: JSON.parse(base.read(file) ?? '{}') as PublishedSchema }));
  // The first time there is nothing to compare with.
  if (before.length === 0) return [];
  const known = new Set(before.map(({ file }) => file));
  const fresh = events.filter((it) => !known.has(schemaFile(it))).map((it) => added(it, [...known]));
  return [...fresh, ...before.flatMap((it) => became(it.file, it.schema, base, events, listenersOf))];
}

function added({ event, file, line, exported }: Declared, known: readonly string[]): Finding {
  const older = known.some((it) => it.startsWith(`${SCHEMAS}/${event.context}/${event.eventName}.v`));
  const rule = older ? 'event-version-added' : 'event-added';
  return {
    check: 'events',
    rule,
    severity: 'info',
    change: 'safe',
    message: `${exported} is published as ${event.type}`,
    at: { file, line },
  };
}

function became(file: string, was: PublishedSchema, base: Base, events: readonly Declared[], listenersOf: ListenersOf): Finding[] {
  const [context = '', name = ''] = file.slice(SCHEMAS.length + 1).split('/');
  const [eventName = '', version = ''] = name.split('.');
  const heard = listenersOf(context, eventName);
  const declared = events.find((it) => schemaFile(it) === file);
  if (!declared) return [gone(context, eventName, version, events, heard)];
  if (base.read(file) === schemaText(declared)) return [];
  const is = JSON.parse(schemaText(declared)) as PublishedSchema;
  const place = { check: 'events', at: { file: declared.file, line: declared.line }, ...forWhom(heard) } as const;
  const found: Finding[] = differences(was, is).map(({ kind, field, words }) => ({
    ...place,
    rule: `event-field-${kind}`,
    message: `${eventName}.${version}${field ? `: ${field}` : ''} ${words}`,
    ...RULES[kind],
  }));
  const [travelled, travels] = [was['x-madang'], is['x-madang']];
  if (travelled.subject !== travels.subject)
    found.push({
      ...place,
      ...BREAKING,
      rule: 'event-subject-changed',
      message: `${eventName}.${version} was published on ${travelled.subject} and is now on ${travels.subject}`,
      mend: 'leave its context and aggregate as they are: whoever reads that subject would miss it',
    });
  if (travelled.key.join() !== travels.key.join())
    found.push({
      ...place,
      ...BREAKING,
      rule: 'event-key-changed',
      message: `${eventName}.${version} was in order for each ${travelled.key.join(' and ')} and is now for each ${travels.key.join(' and ')}`,
      mend: 'leave the key: events under the old and the new one may overtake each other',
    });
  return found;
}

function gone(context: string, eventName: string, version: string, events: readonly Declared[], heard: readonly string[]): Finding {
  const others = events.filter((it) => it.context === context && it.event.eventName === eventName);
  const at = { file: `subgraphs/${context}/events.ts` };
  if (others.length === 0)
    return {
      check: 'events',
      rule: 'event-removed',
      ...BREAKING,
      message: `${eventName} is not published any more`,
      ...forWhom(heard),
      mend: 'publish it as long as anybody listens, and say in its doc comment what to listen to instead',
      at,
    };
  return {
    check: 'events',
    rule: 'event-version-removed',
    ...BREAKING,
    message: `${eventName} ${version} is not supported any more: those in the streams cannot be read again, and who has not been deployed since cannot read the new ones`,
    ...forWhom(heard),
    mend: `declare ${version} beside ${others.map(({ event }) => `v${event.version}`).join(', ')} until the streams hold none of it`,
    at: { ...at, line: others[0]?.line ?? 1 },
  };
}

/** The contexts that a change of an event is for. */
export const forWhom = (contexts: readonly string[]): Pick<Finding, 'for'> => (contexts.length > 0 ? { for: contexts.join(', ') } : {});
