import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const NOT_OURS = new Set(['node_modules', 'generated', '.madang', '.git', '.turbo']);

/** The repository as it lies in a folder; tests hand in a copy with a mistake made. All paths are relative to it, with forward slashes. */
export class Repository {
  readonly root: string;

  constructor(root: string) {
    this.root = path.resolve(root);
  }

  path(file: string): string {
    return path.join(this.root, file);
  }

  exists(file: string): boolean {
    return existsSync(this.path(file));
  }

  /** @throws when there is no such file */
  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  /** The names of the folders right below a folder, sorted; none when it does not exist. */
  folders(folder: string): string[] {
    if (!this.exists(folder)) return [];
    const entries = readdirSync(this.path(folder), { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() && !NOT_OURS.has(entry.name) ? [entry.name] : [])).sort();
  }

  /** All files below a folder whose name ends so, sorted; nothing installed or generated. None when the folder does not exist. */
  files(folder: string, ending = ''): string[] {
    if (!this.exists(folder)) return [];
    const found: string[] = [];
    const walk = (at: string) => {
      for (const entry of readdirSync(this.path(at), { withFileTypes: true })) {
        const file = path.posix.join(at, entry.name);
        if (entry.isDirectory()) {
          if (!NOT_OURS.has(entry.name)) walk(file);
        } else if (entry.name.endsWith(ending)) found.push(file);
      }
    };
    walk(folder);
    return found.sort();
  }
}

/** The repository as it was at the base revision: committed files only. */
export interface Base {
  /** For people: `main (0272916)`. */
  readonly name: string;
  /** Set when the change is compared with a running router: it has an API schema (`schema/api.graphql`) and nothing else. */
  readonly url?: string;
  /** The text of a file; undefined when there was none. */
  read(file: string): string | undefined;
  /** All files below a folder whose name ends so, sorted. */
  files(folder: string, ending?: string): string[];
}
