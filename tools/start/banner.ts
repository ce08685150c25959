import { FIRST_QUERY, SIGN_IN } from './first-query.ts';
import type { Madang } from './madang.ts';

const ACCOUNTS = ['customer', 'manager', 'trainer', 'admin'];

/** What a newcomer needs next: where it is, who to be, what to ask. */
export function banner(madang: Pick<Madang, 'url' | 'dataDir'>, startedIn: string): string {
  const origin = madang.url.replace(/\/graphql$/, '');
  return `
Madang is ready (${startedIn}).

  GraphQL    ${madang.url}
  GraphiQL   ${origin}/
  health     ${origin}/healthz  ${origin}/readyz
  metrics    ${origin}/metrics
  logs       ${madang.dataDir}/logs

  accounts   ${ACCOUNTS.map((name) => `${name}@madang.example`).join('  ')}
  password   madang-demo-1

A first query, for GraphiQL or for the shell:

  ${FIRST_QUERY}
  ${curl(madang.url, FIRST_QUERY)}

Then sign in, and send what you get as the header "authorization: Bearer <accessToken>":

  ${SIGN_IN}
  ${curl(madang.url, SIGN_IN)}

Ctrl-C stops everything.
`;
}

function curl(url: string, query: string): string {
  return `curl -s ${url} -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`;
}
