import type { Finding } from '../finding.ts';
import type { Declarations } from './declared.ts';
import type { Usage, Use } from './usage.ts';

/** Who listens to what is declared and published by somebody; and every policy is wired. */
export function flow({ events, failures }: Declarations, { states, listens, idle }: Usage): Finding[] {
  const unreadable = new Set(failures.map(({ context }) => context));
  const heard = Map.groupBy(listens, ({ source, event }) => `${source} ${event}`);
  const stated = new Set(states.map(({ source, event }) => `${source} ${event}`));
  const unheard = [...heard].flatMap(([id, uses]): Finding[] => {
    const [use] = uses;
    if (!use || unreadable.has(use.source)) return [];
    const declared = events.find((it) => it.context === use.source && it.exported === use.event);
    if (!declared) return uses.map(undeclared);
    if (stated.has(id)) return [];
    return [
      {
        check: 'events',
        rule: 'event-unpublished',
        severity: 'error',
        message: `${use.event} is declared, but nothing of ${use.source} ever publishes it`,
        for: contextsOf(uses),
        mend: `answer it from a decision of ${use.source}, or let nobody listen to it`,
        at: { file: declared.file, line: declared.line },
      },
    ];
  });
  return [...unheard, ...idle.map(unwired)];
}

function undeclared({ context, source, event, file, line }: Use): Finding {
  return {
    check: 'events',
    rule: 'event-undeclared',
    severity: 'error',
    message: `${context} listens to ${event}, which ${source} does not declare`,
    for: context,
    mend: `declare it in subgraphs/${source}/events.ts, or listen to what is declared there`,
    at: { file, line },
  };
}

function unwired({ context, file }: Usage['idle'][number]): Finding {
  return {
    check: 'events',
    rule: 'policy-idle',
    severity: 'error',
    message: 'this policy is never carried out: subgraph.ts does not reach it',
    for: context,
    mend: `add it to the reactions in subgraphs/${context}/subgraph.ts (or to policies/index.ts), or delete it`,
    at: { file, line: 1 },
  };
}

/** The contexts of some uses, each once. */
export const contextsOf = (uses: readonly Use[]): string => [...new Set(uses.map(({ context }) => context))].sort().join(', ');
