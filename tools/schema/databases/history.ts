import type { Finding } from '../finding.ts';
import type { Base, Repository } from '../repository.ts';
import type { Script } from './build.ts';

/** The migrations of one owner: those of the base, and those that this change adds. */
export interface History {
  readonly released: readonly Script[];
  readonly fresh: readonly Script[];
  readonly findings: readonly Finding[];
}

/** What has become of the base's migrations: these are applied somewhere, so they stay as they are, and new ones come after them. */
export function history(repository: Repository, base: Base | null, owner: string): History {
  const folder = `prisma/${owner}/migrations`;
  const now = repository.files(folder, 'migration.sql').map((file) => ({ file, sql: repository.read(file) }));
  const released = (base?.files(folder, 'migration.sql') ?? []).map((file) => ({ file, sql: base?.read(file) ?? '' }));
  const fresh = now.filter(({ file }) => !released.some((it) => it.file === file));
  const about = { check: 'databases', severity: 'error', for: owner } as const;
  const findings = released.flatMap(({ file, sql }): Finding[] => {
    const is = now.find((it) => it.file === file);
    if (is?.sql === sql) return [];
    if (is)
      return [
        {
          ...about,
          rule: 'migration-edited',
          message: `this migration is released: where it has been applied, nothing of the change will happen`,
          mend: 'take the change back, and write it as the next migration (node tools/migrate/main.ts dev)',
          at: { file, line: firstDifference(sql, is.sql) },
        },
      ];
    return [
      {
        ...about,
        rule: 'migration-removed',
        message: `the released migration ${nameOf(file)} is gone: where it has been applied, the database does not know where it stands`,
        mend: 'put it back; what it did is undone by a new one',
        at: { file: `prisma/${owner}/schema.prisma` },
      },
    ];
  });
  const last = released.at(-1)?.file ?? '';
  const early = fresh.filter(({ file }) => file < last);
  return {
    released,
    fresh,
    findings: [
      ...findings,
      ...early.map(({ file }) => ({
        ...about,
        rule: 'migration-out-of-order',
        message: `${nameOf(file)} comes before ${nameOf(last)}, which is released: new databases would be built in another order than those that are there`,
        mend: 'give its folder a later time',
        at: { file },
      })),
    ],
  };
}

const nameOf = (file: string): string => file.split('/').at(-2) ?? file;

function firstDifference(a: string, b: string): number {
  const [was, is] = [a.split('\n'), b.split('\n')];
  const index = is.findIndex((line, at) => line !== was[at]);
  return (index < 0 ? is.length - 1 : index) + 1;
}
