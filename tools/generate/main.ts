import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Repository } from '../schema/repository.ts';
import { contextsWithDatabase, contextsWithSdl, root } from '../workspace.ts';
import { Output } from './output.ts';

const USAGE = `node tools/generate/main.ts [--check | --uncommitted] [--only prisma|graphql|supergraph|events|persisted|settings] [context…]

  prisma      subgraphs/<context>/generated/prisma/       the Prisma clients
  graphql     subgraphs/<context>/generated/graphql.ts    the SDL's resolver types
              subgraphs/<context>/generated/<callee>.ts   typed documents of adapters/<callee>.graphql
  supergraph  schema/supergraph.graphql, schema/api.graphql, the roles in docs/authorisation.md
  events      schema/events/<context>/<Event>.v<version>.json, schema/asyncapi.yaml
  persisted   schema/persisted-operations.json, the operations of schema/operations/
  settings    the settings in docs/router.md

--check writes nothing, and fails when the committed files (in schema/ and docs/) are not up to date.
--uncommitted leaves these as they are.`;

const STEPS = ['prisma', 'graphql', 'supergraph', 'events', 'persisted', 'settings'];

const args = process.argv.slice(2);
const checking = take('--check');
const uncommitted = take('--uncommitted');
const only = takeValue('--only');
const output = new Output(checking);
const problems: string[] = [];

if (args.some((arg) => arg.startsWith('-')) || (only && !STEPS.includes(only))) {
  console.error(USAGE);
  process.exit(2);
}
if (wants('prisma') && !checking) await attempt(prisma);
if (wants('graphql')) await graphql();
if (wants('supergraph') && !uncommitted) await attempt(supergraph);
if (wants('events') && !uncommitted) await attempt(events);
if (wants('settings') && !uncommitted) await attempt(settings);
if (wants('persisted') && !uncommitted) await attempt(persisted);
report();

async function prisma(): Promise<void> {
  const { generatePrismaClients } = await import('./prisma.ts');
  const generated = await generatePrismaClients(contextsWithDatabase().filter(isChosen));
  if (generated.length > 0) console.log(`generated ${generated.length} Prisma clients: ${generated.join(', ')}`);
}

/** A context whose SDL or calls are wrong does not keep the others from theirs. */
async function graphql(): Promise<void> {
  const contexts = contextsWithSdl();
  if (contexts.length === 0) return;
  const { resolverTypes } = await import('./resolvers.ts');
  const { calleesOf, callerDocuments } = await import('./operations.ts');
  const { readSdl } = await import('./sdl.ts');
  const generated = new Output(false);
  for (const context of contexts.filter(isChosen)) {
    await attempt(async () => {
      const types = await resolverTypes(readSdl(context));
      if (!checking) generated.write(`subgraphs/${context}/generated/graphql.ts`, types);
    });
    for (const callee of calleesOf(context)) {
      await attempt(async () => {
        const documents = await callerDocuments(context, callee);
        if (!checking) generated.write(`subgraphs/${context}/generated/${callee}.ts`, documents);
      });
    }
  }
  output.changed.push(...generated.changed);
}

async function supergraph(): Promise<void> {
  const contexts = contextsWithSdl();
  if (contexts.length === 0) return;
  const { compose } = await import('./supergraph.ts');
  const { ROLES, withRoles } = await import('./roles.ts');
  const { readSdl } = await import('./sdl.ts');
  const composed = compose(contexts.map((context) => readSdl(context)));
  for (const hint of composed.hints) console.warn(hint);
  output.write('schema/supergraph.graphql', composed.supergraph);
  output.write('schema/api.graphql', composed.api);
  output.write(ROLES, withRoles(readFileSync(path.join(root, ROLES), 'utf8'), composed.supergraph));
}

async function events(): Promise<void> {
  const { publishedFiles } = await import('../schema/events/published.ts');
  const files = await publishedFiles(new Repository(root));
  for (const [file, text] of files) output.write(file, text);
  output.keepOnly('schema/events', new Set(files.keys()));
}

async function persisted(): Promise<void> {
  const { MANIFEST, persistedOperations } = await import('./persisted.ts');
  output.write(MANIFEST, persistedOperations(new Repository(root)));
}

async function settings(): Promise<void> {
  const { SETTINGS_DOCUMENT, withSettings } = await import('./settings.ts');
  const file = path.join(root, SETTINGS_DOCUMENT);
  // The image is built without docs/.
  if (existsSync(file)) output.write(SETTINGS_DOCUMENT, withSettings(readFileSync(file, 'utf8')));
}

function report(): void {
  if (output.changed.length > 0) console.log(`${checking ? 'not up to date' : 'generated'}: ${output.changed.join(', ')}`);
  if (problems.length > 0) console.error(problems.join('\n'));
  if (problems.length > 0 || (checking && output.changed.length > 0)) process.exitCode = 1;
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
}

function wants(step: string): boolean {
  return only === undefined || only === step;
}

function isChosen(context: string): boolean {
  return args.length === 0 || args.includes(context);
}

function take(flag: string): boolean {
  const index = args.indexOf(flag);
  if (index >= 0) args.splice(index, 1);
  return index >= 0;
}

function takeValue(flag: string): string | undefined {
  const index = args.indexOf(flag);
  return index < 0 ? undefined : args.splice(index, 2)[1];
}
