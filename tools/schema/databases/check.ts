import { difference } from '../../migrate/engine.ts';
import { databaseUrl } from '../../migrate/migrate.ts';
import { part } from '../../migrate/migrations.ts';
import { withServer } from '../../migrate/server.ts';
import tools from '../../package.json' with { type: 'json' };
import { recall, remember } from '../cache.ts';
import type { Check, Finding } from '../finding.ts';
import type { Base, Repository } from '../repository.ts';
import { build } from './build.ts';
import { history } from './history.ts';
import { type Released, released } from './released.ts';

/** Raised when the check itself changes, so that earlier answers are forgotten. */
const VERSION = '2';

/**
 * Databases: each schema.prisma equals what its migrations build, and no new migration takes away what the released version uses.
 * Built on a real PostgreSQL, and only when something of it has changed since.
 */
export const checkDatabases: Check = async (repository, base) => {
  const compared = base?.url ? null : base;
  const owners = repository.folders('prisma').filter((owner) => repository.exists(schemaOf(owner)));
  const answers = new Map(
    owners.map((owner) => [owner, recall<Finding[]>(repository, nameOf(owner), inputsOf(repository, compared, owner))]),
  );
  const stale = owners.filter((owner) => !answers.get(owner));
  if (stale.length > 0)
    await withServer(async (serverUrl) => {
      const queue = stale.values();
      const worker = async () => {
        for (const owner of queue) {
          const found = await checkOne(repository, compared, owner, serverUrl);
          answers.set(owner, remember(repository, nameOf(owner), inputsOf(repository, compared, owner), found));
        }
      };
      await Promise.all([worker(), worker()]);
    });
  return [...answers.values()].flatMap((found) => found ?? []);
};

async function checkOne(repository: Repository, base: Base | null, owner: string, serverUrl: string): Promise<Finding[]> {
  const { findings, released: before, fresh } = history(repository, base, owner);
  const target = part(owner, repository.root);
  const about = { check: 'databases', for: owner } as const;
  const found: Finding[] = [...findings];
  if (fresh.length > 0 && before.length > 0) {
    const { hazards, failure } = await build(serverUrl, target.schema, before, fresh, await releasedBy(base, owner));
    found.push(...hazards.map(({ hazard, at }) => ({ ...about, ...hazard, for: `${owner}: ${hazard.for}`, at })));
    if (failure)
      return [
        ...found,
        {
          ...about,
          rule: 'migration-fails',
          severity: 'error',
          message: `PostgreSQL refuses this statement: ${failure.message}`,
          mend: `mend it, and try it: node tools/migrate/main.ts check ${owner}`,
          at: failure.at,
        },
      ];
  }
  try {
    const drift = await difference(target, 'migrations', 'summary', databaseUrl(serverUrl, 'postgres'));
    // A released migration that is not what it was explains what lacks.
    if (drift !== undefined && findings.length === 0)
      found.push({
        ...about,
        rule: 'schema-drift',
        severity: 'error',
        message: `its migrations do not build what schema.prisma says; they lack: ${oneLine(drift)}`,
        mend: `node tools/migrate/main.ts dev ${owner} <name> writes the migration`,
        at: { file: schemaOf(owner) },
      });
  } catch (error) {
    found.push({
      ...about,
      rule: 'migration-fails',
      severity: 'error',
      message: `its migrations cannot be carried out: ${oneLine(error instanceof Error ? error.message : String(error))}`,
      mend: `node tools/migrate/main.ts check ${owner}`,
      at: { file: schemaOf(owner) },
    });
  }
  return found;
}

async function releasedBy(base: Base | null, owner: string): Promise<Released> {
  const schema = base?.read(schemaOf(owner));
  return schema === undefined ? { tables: new Map(), enums: new Map() } : released(schema);
}

function inputsOf(repository: Repository, base: Base | null, owner: string): string[] {
  const folder = `prisma/${owner}`;
  const now = [schemaOf(owner), ...repository.files(`${folder}/migrations`, '.sql')].flatMap((file) => [file, repository.read(file)]);
  const before = base ? base.files(folder).flatMap((file) => [file, base.read(file) ?? '']) : [];
  return [VERSION, tools.dependencies['@prisma/schema-engine-wasm'], ...now, 'base', ...before];
}

const schemaOf = (owner: string): string => `prisma/${owner}/schema.prisma`;
const nameOf = (owner: string): string => `database-${owner}`;

/** The engine's summary, a tree over many lines. */
const oneLine = (text: string): string =>
  text
    .trim()
    .replaceAll(/\s*\n\s*/g, '; ')
    .replaceAll(/:;/g, ':');
