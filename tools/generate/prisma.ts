import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import tools from '../package.json' with { type: 'json' };
import { root } from '../workspace.ts';

// CommonJS on purpose: the ES module build of @prisma/client-common 7.10 does not resolve in Node.
const require = createRequire(import.meta.url);

/**
 * Generates the Prisma clients of the contexts whose schema has changed since, all in this process: no schema engine and no download.
 * Answers the contexts that were generated.
 */
export async function generatePrismaClients(contexts: string[], base = root): Promise<string[]> {
  const stale = contexts.filter((context) => !isFresh(context, base));
  if (stale.length === 0) return [];
  const { getGenerators, loadSchemaContext } = require('@prisma/internals') as typeof import('@prisma/internals');
  const { PrismaClientTsGenerator } = require('@prisma/client-generator-ts') as typeof import('@prisma/client-generator-ts');
  const registry = { 'prisma-client': { type: 'in-process' as const, generator: new PrismaClientTsGenerator() } };
  for (const context of stale) {
    const schemaPath = { cliProvidedPath: path.join(base, 'prisma', context, 'schema.prisma') };
    const schemaContext = await loadSchemaContext({ schemaPath, printLoadMessage: false });
    for (const generator of await getGenerators({ schemaContext, registry, skipDownload: true, cliCommand: 'generate' } as never)) {
      await generator.generate();
      generator.stop();
    }
    const { stamp, hash } = freshness(context, base);
    mkdirSync(path.dirname(stamp), { recursive: true });
    writeFileSync(stamp, hash);
  }
  return stale;
}

function isFresh(context: string, base: string): boolean {
  const { stamp, hash } = freshness(context, base);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

function freshness(context: string, base: string): { stamp: string; hash: string } {
  const hash = createHash('sha256')
    .update(tools.dependencies['@prisma/client-generator-ts'])
    .update(readFileSync(path.join(base, 'prisma', context, 'schema.prisma')))
    .digest('hex');
  return { stamp: path.join(base, 'subgraphs', context, 'generated/prisma/.stamp'), hash };
}
