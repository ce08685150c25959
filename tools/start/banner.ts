import { FIRST_QUERY } from './first-query.ts';
import type { Madang } from './madang.ts';

const ACCOUNTS = ['customer', 'manager', 'trainer', 'admin'];

/** What a newcomer needs next: where it is, who to be, what to ask. */
export function banner(madang: Pick<Madang, 'url' | 'dataDir'>, startedIn: string): string {
  const origin = madang.url.replace(/\/graphql$/, '');
  const curl = `curl -s ${madang.url} -H 'content-type: application/json' -d '${JSON.stringify({ query: FIRST_QUERY.replaceAll(/\s+/g, ' ') })}'`;
  return `
Madang is ready (${startedIn}).

  GraphQL    ${madang.url}
  GraphiQL   ${origin}/
  health     ${origin}/healthz  ${origin}/readyz
  metrics    ${origin}/metrics
  logs       ${madang.dataDir}/logs

  accounts   ${ACCOUNTS.map((name) => `${name}@madang.example`).join('  ')}
  password   madang-demo-1

A first query, for GraphiQL:

${FIRST_QUERY.replaceAll(/^/gm, '  ')}

or for the shell:

  ${curl}

Ctrl-C stops everything.
`;
}
