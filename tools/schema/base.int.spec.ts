import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { buildSchema, graphql } from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gitBase } from './base.ts';
import { routerBase } from './router.ts';
import { RepositoryCopy } from './testing/repository-copy.ts';

let copy: RepositoryCopy;
beforeEach(() => {
  copy = new RepositoryCopy().put('schema/one.txt', 'eins 하나\n').put('schema/two.txt', '').commit();
});
afterEach(() => copy.remove());

function git(...args: string[]): void {
  const identity = ['-c', 'user.name=A test', '-c', 'user.email=test@madang.example', '-c', 'commit.gpgsign=false'];
  expect(spawnSync('git', [...identity, ...args], { cwd: copy.root, encoding: 'utf8' })).toMatchObject({ status: 0 });
}

describe('the base of a change', () => {
  test('is where its branch left main, whatever main has become', () => {
    git('switch', '-qc', 'mine');
    copy.put('schema/one.txt', 'mine');
    git('commit', '-qam', 'mine');
    git('switch', '-q', 'main');
    copy.put('schema/one.txt', 'theirs');
    git('commit', '-qam', 'theirs');
    git('switch', '-q', 'mine');
    expect(gitBase(copy.root)?.read('schema/one.txt')).toBe('eins 하나\n');
  });

  test('is what is committed for a change under way on main, and the commit before otherwise', () => {
    copy.put('schema/one.txt', 'next');
    expect(gitBase(copy.root)?.read('schema/one.txt')).toBe('eins 하나\n');
    git('commit', '-qam', 'next');
    expect(gitBase(copy.root)?.read('schema/one.txt')).toBe('eins 하나\n');
    copy.put('schema/one.txt', 'after that');
    expect(gitBase(copy.root)?.read('schema/one.txt')).toBe('next');
  });

  test('has files of its own: one that is gone can be read, one that is new cannot', () => {
    copy.put('schema/three.txt', 'three').delete('schema/two.txt');
    const base = gitBase(copy.root, 'main');
    expect(base?.files('schema', '.txt')).toEqual(['schema/one.txt', 'schema/two.txt']);
    expect([base?.read('schema/two.txt'), base?.read('schema/three.txt')]).toEqual(['', undefined]);
  });

  test('is nothing in a clone that has no main', () => {
    git('branch', '-m', 'other');
    expect(gitBase(copy.root)).toBeNull();
  });

  test('that does not exist is told', () => {
    expect(() => gitBase(copy.root, 'nowhere')).toThrow('"nowhere" is no revision of this repository');
  });
});

describe('a running router as the base', () => {
  const schema = buildSchema('type Query { "One." order(id: ID!, at: String @deprecated(reason: "x")): String }');
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const { query } = JSON.parse(Buffer.concat(chunks).toString()) as { query: string };
    const refused = request.url === '/closed' ? { errors: [{ message: 'introspection is off' }] } : undefined;
    response.end(JSON.stringify(refused ?? (await graphql({ schema, source: query }))));
  });
  const url = async (place: string) => {
    if (!server.listening) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}${place}`;
  };

  test('tells its API and nothing else', async () => {
    const base = await routerBase(await url('/graphql'));
    expect(base.read('schema/api.graphql')).toContain('order(id: ID!');
    expect([base.read('schema/supergraph.graphql'), base.files('schema')]).toEqual([undefined, []]);
  });

  test('that keeps its schema for itself, or is not there, is told', async () => {
    await expect(routerBase(await url('/closed'))).rejects.toThrow('/closed does not tell its schema: introspection is off');
    const gone = await url('/graphql');
    await new Promise((done) => server.close(done).closeAllConnections());
    await expect(routerBase(gone)).rejects.toThrow(/does not answer: /);
  });
});

describe('the command', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [path.join(import.meta.dirname, 'main.ts'), ...args], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });

  test('says with its exit code whether an error is left, and prints JSON for programs', () => {
    const { status, stdout } = run('--only', 'compose,lint', '--json');
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { checks: ['compose', 'lint'], findings: [] }]);
  });

  test.each([
    [['--only', 'compse'], 'there is no check "compse"'],
    [['--against', 'nowhere'], '"nowhere" is no revision of this repository'],
  ])('used wrongly (%j), it says so', (args, said) => {
    const { status, stderr } = run(...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
  });
});
