import { remembered } from '../cache.ts';
import type { Check, Finding } from '../finding.ts';
import { modelOf } from '../graph/model.ts';
import { outdatedGraph } from '../graph/write.ts';
import type { Repository } from '../repository.ts';
import { asyncApi, asyncApiText } from './asyncapi.ts';
import { asyncApiProblems } from './asyncapi-valid.ts';
import { compatibility } from './compatibility.ts';
import { type Declared, declarations } from './declared.ts';
import { examples } from './examples.ts';
import { flow } from './flow.ts';
import { SCHEMAS } from './json-schema.ts';
import { ASYNC_API, schemaFile, schemaText } from './published.ts';
import { type Usage, usage } from './usage.ts';

/** Events: what was published stays readable, who listens is told something, and what is generated of them is up to date. */
export const checkEvents: Check = async (repository, base) => {
  const declared = await declarations(repository);
  const used = usage(repository);
  const broken = new Set(declared.failures.map(({ context }) => context));
  const listenersOf = (context: string, eventName: string) => {
    const names = new Set(
      declared.events.filter((it) => it.context === context && it.event.eventName === eventName).map(({ exported }) => exported),
    );
    const uses = used.listens.filter(({ source, event }) => source === context && (names.has(event) || event === eventName));
    return [...new Set(uses.map((use) => use.context))].sort();
  };
  const compared = base && !base.url ? compatibility(declared.events, base, listenersOf) : [];
  const told = new Set(compared.filter(({ severity }) => severity !== 'info').map(({ at }) => `${at?.file}:${at?.line}`));
  return [
    ...declared.failures.map(unreadable),
    // Of a context whose events cannot be loaded nothing more is known.
    ...compared.filter(({ at }) => !broken.has(at?.file.split('/')[1] ?? '')),
    ...(base && !base.url ? examples(declared.events, base, listenersOf, told) : []),
    ...flow(declared, used),
    ...(broken.size > 0
      ? []
      : [...outdated(repository, declared.events, used), ...(await invalid(repository)), ...undrawn(repository, declared.events, used)]),
  ];
};

function unreadable({ file, message }: { file: string; message: string }): Finding {
  return {
    check: 'events',
    rule: 'events-unreadable',
    severity: 'error',
    message: `its events cannot be loaded: ${message}`,
    mend: 'mend the declaration; an example always has to fit its payload',
    at: { file },
  };
}

function outdated(repository: Repository, events: readonly Declared[], used: Usage): Finding[] {
  const wanted = new Map(events.map((it) => [schemaFile(it), schemaText(it)]));
  wanted.set(ASYNC_API, asyncApiText(asyncApi(events, used)));
  const stale = [...wanted].filter(([file, text]) => !repository.exists(file) || repository.read(file) !== text).map(([file]) => file);
  const left = repository.files(SCHEMAS, '.json').filter((file) => !wanted.has(file));
  const all = [...stale, ...left];
  const [first] = all;
  if (!first) return [];
  const more = all.length > 3 ? ` and ${all.length - 3} more` : '';
  return [
    {
      check: 'events',
      rule: 'event-schemas-outdated',
      severity: 'error',
      message: `not up to date with the events: ${all.slice(0, 3).join(', ')}${more}`,
      mend: 'npm run generate, and commit what it writes',
      at: { file: first },
    },
  ];
}

async function invalid(repository: Repository): Promise<Finding[]> {
  if (!repository.exists(ASYNC_API)) return [];
  const text = repository.read(ASYNC_API);
  const exists = (file: string) => repository.exists(`schema/${file}`);
  const names = repository.files(SCHEMAS, '.json').join();
  const problems = await remembered(repository, 'asyncapi', [text, names], async () => asyncApiProblems(text, exists));
  return problems.map((problem) => ({
    check: 'events',
    rule: 'asyncapi-invalid',
    severity: 'error',
    message: `${ASYNC_API} is not valid: ${problem}`,
    mend: 'it is generated: mend the declaration that it comes from, or tools/schema/events/asyncapi.ts',
    at: { file: ASYNC_API },
  }));
}

function undrawn(repository: Repository, events: readonly Declared[], used: Usage): Finding[] {
  const [file, ...more] = outdatedGraph(repository, modelOf(repository, events, used));
  if (!file) return [];
  return [
    {
      check: 'events',
      rule: 'graph-outdated',
      severity: 'error',
      message: `the picture of the contexts does not show what the code says: ${[file, ...more].join(', ')}`,
      mend: 'npm run schema:graph, and commit what it draws',
      at: { file },
    },
  ];
}
