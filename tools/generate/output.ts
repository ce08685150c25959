import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../workspace.ts';

/** Where generated text goes: files are touched only when their content changes. */
export class Output {
  /** Paths, relative to the repository, that were written or, when only checking, would have been. */
  readonly changed: string[] = [];
  readonly #checking: boolean;
  readonly #base: string;

  constructor(checking: boolean, base = root) {
    this.#checking = checking;
    this.#base = base;
  }

  write(file: string, content: string): void {
    const target = path.join(this.#base, file);
    if (existsSync(target) && readFileSync(target, 'utf8') === content) return;
    this.changed.push(file);
    if (this.#checking) return;
    mkdirSync(path.dirname(target), { recursive: true });
    const fresh = `${target}.${process.pid}`; // renamed, so that nobody ever reads half a file
    writeFileSync(fresh, content);
    renameSync(fresh, target);
  }

  /** Deletes the files of a folder of generated files that are not among these any more. */
  keepOnly(folder: string, files: ReadonlySet<string>): void {
    const at = path.join(this.#base, folder);
    if (!existsSync(at)) return;
    for (const entry of readdirSync(at, { recursive: true, withFileTypes: true })) {
      const file = path.relative(this.#base, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/');
      if (!entry.isFile() || files.has(file)) continue;
      this.changed.push(file);
      if (!this.#checking) rmSync(path.join(this.#base, file));
    }
  }
}
