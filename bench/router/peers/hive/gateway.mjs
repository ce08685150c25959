import { writeFileSync } from 'node:fs';
import path from 'node:path';

process.on('disconnect', () => process.exit());
const { port, supergraphFile, runtime } = JSON.parse(process.argv[2]);

// Its own command-line program, told what a user would tell it.
const config = path.join(import.meta.dirname, `gateway-${runtime}.config.mjs`);
writeFileSync(
  config,
  `import { defineConfig } from '@graphql-hive/gateway';
${runtime === 'rust' ? "import { unifiedGraphHandler } from '@graphql-hive/router-runtime';" : ''}
export const gatewayConfig = defineConfig({
  logging: 'error',
  graphiql: false,
  landingPage: false,
  transportEntries: { '*.http': { options: { subscriptions: { kind: 'ws', location: '/graphql' } } } },
  ${runtime === 'rust' ? 'unifiedGraphHandler,' : ''}
});
`,
);
process.argv.splice(
  1,
  2,
  'hive-gateway',
  'supergraph',
  supergraphFile,
  '--config-path',
  config,
  '--host',
  '127.0.0.1',
  '--port',
  String(port),
  '--fork',
  '1',
);
await import(new URL('node_modules/@graphql-hive/gateway/dist/bin.js', import.meta.url));
