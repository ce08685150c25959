import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DocumentSettings } from './settings/documents.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Reads the manifest of known operations. Undefined when it is not there and nobody asks for it. @throws Error when it has to be there */
export function readManifest({ safelistFile, safelistMode }: Pick<DocumentSettings, 'safelistFile' | 'safelistMode'>): string | undefined {
  const file = path.resolve(root, safelistFile);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  if (safelistMode === 'off') return undefined;
  throw new Error(`${file} is not there, and ROUTER_SAFELIST_MODE is ${safelistMode}: \`node tools/generate/main.ts\` writes it.`);
}
