import { readFileSync } from 'node:fs';
import { internalTokens } from '@madang/kernel/identity';
import { createLogger } from '@madang/kernel/observability';
import { startRouter } from '@madang/router/router';
import type { GatewayArgument } from './gateways.ts';

/** The router as it runs in production: tokens checked, headers passed on, deadlines, metrics. Only what it logs is less. */
process.on('disconnect', () => process.exit());
const { port, supergraphFile, subgraphs, jwksUrl, front } = JSON.parse(process.argv[2] ?? '') as GatewayArgument & {
  front: 'own' | 'apollo';
};
await startRouter({
  supergraphSdl: readFileSync(supergraphFile, 'utf8'),
  subgraphs,
  port,
  host: '127.0.0.1',
  identity: { jwksUrl, issuer: 'madang', audience: 'madang' },
  tokens: internalTokens('a secret for the bench, long enough: 32'),
  log: createLogger({ name: 'router', level: 'warn' }),
  front,
  limits: { subscriptionsPerAddress: 50_000 },
});
