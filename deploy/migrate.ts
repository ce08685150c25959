// What a deployment runs before its programs: brings every context's database on the server of DATABASE_URL up to date.
import { migrateAll } from '../tools/migrate/migrate.ts';

const serverUrl = process.env.DATABASE_URL;
if (!serverUrl) throw new Error('DATABASE_URL is required');
const results = await migrateAll({ serverUrl, log: console.log });
console.log(`${results.size} databases are up to date`);
