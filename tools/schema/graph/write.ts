import { createHash } from 'node:crypto';
import type { Repository } from '../repository.ts';
import { layout } from './layout.ts';
import { mermaid } from './mermaid.ts';
import { type GraphContext, graphModel } from './model.ts';
import { svg } from './svg.ts';

export const PICTURE = 'docs/contexts.svg';
export const DOCUMENT = 'docs/architecture.md';

const START = '<!-- graph: npm run schema:graph -->';
const END = '<!-- /graph -->';

/** The files of the picture, with their text. @throws when the document has no place for it */
export async function graphFiles(repository: Repository): Promise<Map<string, string>> {
  const model = await graphModel(repository);
  return new Map([
    [PICTURE, svg(await layout(model), stampOf(model))],
    [DOCUMENT, withGraph(repository.read(DOCUMENT), model)],
  ]);
}

/** The files that do not show what the code says (any more); without drawing anything. */
export function outdatedGraph(repository: Repository, model: readonly GraphContext[]): string[] {
  const old: string[] = [];
  if (!repository.exists(PICTURE) || !repository.read(PICTURE).includes(stampOf(model))) old.push(PICTURE);
  if (!repository.exists(DOCUMENT) || withGraph(repository.read(DOCUMENT), model) !== repository.read(DOCUMENT)) old.push(DOCUMENT);
  return old;
}

function withGraph(document: string, model: readonly GraphContext[]): string {
  const start = document.indexOf(START);
  const end = document.indexOf(END);
  if (start < 0 || end < start) throw new Error(`${DOCUMENT} has no place for the graph: put "${START}" and "${END}" where it is to be`);
  const graph = `\n\`\`\`mermaid\n${mermaid(model)}\n\`\`\`\n`;
  return document.slice(0, start + START.length) + graph + document.slice(end);
}

const stampOf = (model: readonly GraphContext[]): string =>
  `Made from ${createHash('sha256').update(JSON.stringify(model)).digest('hex').slice(0, 16)}`;
