import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const OWN = 'own';
const here = join(import.meta.dirname, 'worlds');

/** The supergraphs that are fuzzed: those made for it, and our own. */
export const worlds: readonly string[] = [...readdirSync(here).sort(), OWN];

/** The SDL of a world's subgraphs, by name. */
export function sdlOf(world: string): Record<string, string> {
  const folder = world === OWN ? join(import.meta.dirname, '../../schema/subgraphs') : join(here, world);
  return Object.fromEntries(
    readdirSync(folder)
      .filter((file) => file.endsWith('.graphql'))
      .map((file) => [file.slice(0, -'.graphql'.length), readFileSync(join(folder, file), 'utf8')]),
  );
}
