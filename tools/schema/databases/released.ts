import { createRequire } from 'node:module';

// CommonJS on purpose: the ES module build of @prisma/client-common 7.10 does not resolve in Node.
const require = createRequire(import.meta.url);

/** What a released version reads and writes: its models' fields by table and column, and its enums. */
export interface Released {
  /** Table → column → `Model.field`. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Type in the database → name in schema.prisma. */
  readonly enums: ReadonlyMap<string, string>;
}

/** Reads a schema.prisma; relations are no columns. */
export async function released(schema: string): Promise<Released> {
  const { getDMMF } = require('@prisma/internals') as typeof import('@prisma/internals');
  const { datamodel } = await getDMMF({ datamodel: schema });
  const tables = datamodel.models.map(({ name, dbName, fields }) => {
    const columns = fields
      .filter(({ kind }) => kind !== 'object')
      .map((field) => [field.dbName ?? field.name, `${name}.${field.name}`] as const);
    return [dbName ?? name, new Map(columns)] as const;
  });
  return { tables: new Map(tables), enums: new Map(datamodel.enums.map(({ name, dbName }) => [dbName ?? name, name])) };
}
