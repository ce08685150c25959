import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../workspace.ts';
import { gitBase } from '../base.ts';
import type { Check, Finding } from '../finding.ts';
import { Repository } from '../repository.ts';

/** A small copy of this repository (or a made-up one), committed as the base, in which a test makes mistakes. */
export class RepositoryCopy {
  readonly root = mkdtempSync(path.join(tmpdir(), 'madang-schema-spec-'));

  /** Copies files and folders; tests and what is generated are left out unless they are named themselves. */
  copy(...names: string[]): this {
    for (const name of names)
      cpSync(path.join(root, name), path.join(this.root, name), {
        recursive: true,
        filter: (source) => !/\/(node_modules|generated|\.madang|.*\.spec\.ts)$/.test(source) || source === path.join(root, name),
      });
    return this;
  }

  /** Our packages, the copied contexts in place of ours, and installed ones by name (these cost time). Once everything is copied. */
  install(...names: string[]): this {
    const modules = path.join(this.root, 'node_modules');
    mkdirSync(path.join(modules, '@madang'), { recursive: true });
    for (const name of names) {
      mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
      symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
    }
    for (const name of readdirSync(path.join(root, 'node_modules/@madang'))) {
      const copied = path.join(this.root, 'subgraphs', name);
      symlinkSync(existsSync(copied) ? copied : path.join(root, 'node_modules/@madang', name), path.join(modules, '@madang', name));
    }
    return this;
  }

  put(file: string, text: string): this {
    mkdirSync(path.dirname(path.join(this.root, file)), { recursive: true });
    writeFileSync(path.join(this.root, file), text);
    return this;
  }

  /** @throws when the file does not have the text, so that no test passes for nothing */
  replace(file: string, text: string, by: string): this {
    const before = readFileSync(path.join(this.root, file), 'utf8');
    if (!before.includes(text)) throw new Error(`${file} does not have ${JSON.stringify(text)}`);
    return this.put(file, before.replace(text, by));
  }

  delete(file: string): this {
    rmSync(path.join(this.root, file), { recursive: true });
    return this;
  }

  /** What there is becomes the base. */
  commit(): this {
    writeFileSync(path.join(this.root, '.gitignore'), 'node_modules\n.madang\ngenerated\n');
    const identity = ['-c', 'user.name=A test', '-c', 'user.email=test@madang.example', '-c', 'commit.gpgsign=false'];
    for (const args of [
      ['init', '-q', '-b', 'main'],
      ['add', '-A'],
      [...identity, 'commit', '-q', '--no-verify', '-m', 'base'],
    ])
      if (spawnSync('git', args, { cwd: this.root }).status !== 0) throw new Error(`git ${args.join(' ')} failed`);
    return this;
  }

  /** As it was committed. */
  restore(): this {
    for (const args of [
      ['checkout', '-q', '.'],
      ['clean', '-fdq'],
    ])
      spawnSync('git', args, { cwd: this.root });
    return this;
  }

  /** What a check finds now, compared with what was committed. */
  async check(check: Check): Promise<Finding[]> {
    return check(new Repository(this.root), gitBase(this.root, 'main'));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A finding as a developer would tell another of it. */
export const told = ({ severity, rule, message, for: whom, at }: Finding): string =>
  `${severity} ${rule}: ${message}${whom ? ` [${whom}]` : ''}${at ? ` (${at.file}${at.line === undefined ? '' : `:${at.line}`})` : ''}`;
