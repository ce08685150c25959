import { spawnSync } from 'node:child_process';
import type { Base } from './repository.ts';

/**
 * The revision that a change is compared with: where it left main. On main itself that is what is committed, for changes under way,
 * and the commit before otherwise. `against` names another one.
 * Answers null when nothing was said and there is no main (a clone without history).
 * @throws when `against` is no revision
 */
export function gitBase(root: string, against?: string): Base | null {
  if (against !== undefined) {
    const commit = revision(root, against);
    if (!commit) throw new Error(`"${against}" is no revision of this repository, nor an address of a router (https://…)`);
    return new GitBase(root, mergeBase(root, commit) ?? commit, against);
  }
  for (const main of mains()) {
    const tip = revision(root, main);
    const fork = tip && mergeBase(root, tip);
    if (!fork) continue;
    if (fork !== revision(root, 'HEAD') || isDirty(root)) return new GitBase(root, fork, main);
    const before = revision(root, 'HEAD^');
    return before ? new GitBase(root, before, 'the commit before') : null;
  }
  return null;
}

function mains(): string[] {
  const target = process.env.GITHUB_BASE_REF;
  return [...(target ? [`origin/${target}`] : []), 'origin/main', 'main'];
}

class GitBase implements Base {
  readonly name: string;
  readonly #root: string;
  readonly #commit: string;
  readonly #texts = new Map<string, string>();
  #files: string[] | undefined;

  constructor(root: string, commit: string, name: string) {
    this.#root = root;
    this.#commit = commit;
    this.name = `${name} (${commit.slice(0, 7)})`;
  }

  files(folder: string, ending = ''): string[] {
    this.#files ??= git(this.#root, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', this.#commit]).split('\0').filter(Boolean);
    return this.#files.filter((file) => file.startsWith(`${folder}/`) && file.endsWith(ending)).sort();
  }

  read(file: string): string | undefined {
    if (!this.#texts.has(file)) this.#readTogether(file);
    return this.#texts.get(file);
  }

  /** Who reads one file reads those of its kind next: one process for all of them. */
  #readTogether(file: string): void {
    const [folder = ''] = file.split('/');
    const ending = file.slice(file.lastIndexOf('.'));
    const wanted = this.files(folder, ending).filter((sibling) => !this.#texts.has(sibling));
    if (!wanted.includes(file)) return;
    const answer = spawnSync('git', ['cat-file', '--batch'], {
      cwd: this.#root,
      input: wanted.map((it) => `${this.#commit}:${it}\n`).join(''),
      maxBuffer: 2 ** 30,
    });
    let at = 0;
    for (const it of wanted) {
      const header = answer.stdout.indexOf(10, at);
      const size = Number(answer.stdout.subarray(at, header).toString().split(' ').at(-1));
      this.#texts.set(it, answer.stdout.subarray(header + 1, header + 1 + size).toString());
      at = header + 1 + size + 1;
    }
  }
}

function revision(root: string, name: string): string | undefined {
  return git(root, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]).trim() || undefined;
}

function mergeBase(root: string, commit: string): string | undefined {
  return git(root, ['merge-base', 'HEAD', commit]).trim() || undefined;
}

function isDirty(root: string): boolean {
  return git(root, ['status', '--porcelain']).trim() !== '';
}

function git(root: string, args: string[]): string {
  return spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 }).stdout ?? '';
}
