import { CONTEXTS } from './databases.ts';
import type { System } from './system.ts';

/** How many rows every table of every context has, the kernel's included: `payments.Payment`. */
export async function rowCounts({ databases }: System): Promise<Record<string, number>> {
  const counts = await Promise.all(
    CONTEXTS.map(async (context) => {
      const tables = await databases.query<{ name: string; sql: string }>(
        context,
        `SELECT table_schema || '.' || table_name AS name, format('SELECT count(*) FROM %I.%I', table_schema, table_name) AS sql
         FROM information_schema.tables WHERE table_schema IN ('public', 'kernel') AND table_type = 'BASE TABLE' ORDER BY 1`,
      );
      return Promise.all(tables.map(async ({ name, sql }) => [`${context}: ${name}`, await databases.count(context, sql)] as const));
    }),
  );
  return Object.fromEntries(counts.flat());
}
