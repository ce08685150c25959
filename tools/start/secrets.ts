import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';

/**
 * The secrets that programs declare, made once and kept in `<dataDir>/secrets` (0600): every name that ends in `_SECRET` in a
 * `config.ts` of the kernel, the router or a context, and INTERNAL_SECRET. Those that `given` has are left to it.
 */
export function secretsOf(root: string, dataDir: string, given: Record<string, string | undefined>): Record<string, string> {
  const file = path.join(dataDir, 'secrets');
  const kept = existsSync(file) ? (parseEnv(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  const secrets: Record<string, string> = { ...kept };
  for (const name of declaredSecrets(root)) if (!given[name]) secrets[name] ??= randomBytes(32).toString('base64url');
  if (Object.keys(secrets).length > Object.keys(kept).length) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(
      file,
      Object.entries(secrets)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
      { mode: 0o600 },
    );
    chmodSync(file, 0o600);
  }
  return Object.fromEntries(Object.entries(secrets).filter(([name]) => !given[name]));
}

/** Read as text: loading eighteen configurations would take a second of every start. */
export function declaredSecrets(root: string): Set<string> {
  const subgraphs = path.join(root, 'subgraphs');
  const contexts = existsSync(subgraphs) ? readdirSync(subgraphs).map((name) => path.join(subgraphs, name, 'config.ts')) : [];
  const names = new Set(['INTERNAL_SECRET']);
  for (const file of [path.join(root, 'kernel/context/config.ts'), path.join(root, 'router/config.ts'), ...contexts]) {
    if (!existsSync(file)) continue;
    for (const [name] of readFileSync(file, 'utf8').matchAll(/\b[A-Z][A-Z0-9_]*_SECRET\b/g)) names.add(name);
  }
  return names;
}
