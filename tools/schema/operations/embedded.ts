import { type DocumentNode, GraphQLError, Kind, parse, type SourceLocation } from 'graphql';
import type { Place } from '../finding.ts';
import { type Text, textsOf } from './constants.ts';
import type { Node, SourceModule } from './module.ts';

/** GraphQL that stands in a program. */
export interface Embedded {
  readonly text: Text;
  /** Undefined when the text is no GraphQL although it begins as such. */
  readonly document: DocumentNode | undefined;
  readonly syntaxError?: GraphQLError;
  readonly at: Place;
  /** Parts of it are not known before it runs. */
  readonly open: boolean;
}

const OPERATION = /^\s*(#[^\n]*\n\s*)*(query|mutation|subscription)(\s+\w+)?\s*(\([\s\S]*?\)\s*)?(@[^{]*)?\{/;
const SHORT = /^\s*(#[^\n]*\n\s*)*\{\s*\w/;
const TEXTUAL = new Set(['Literal', 'TemplateLiteral', 'BinaryExpression']);

/** The operations in a program's texts. */
export function embeddedIn(module: SourceModule): Embedded[] {
  const found: Embedded[] = [];
  let seenUntil = -1;
  for (const node of module.nodes) {
    // Outer texts come before the texts in them.
    if (!TEXTUAL.has(node.type) || node.start < seenUntil || !mayBegin(node, module)) continue;
    const operations = textsOf(node, module).flatMap((text) => operation(text, node, module));
    found.push(...operations);
    if (operations.length > 0) seenUntil = node.end;
  }
  return found;
}

/** Cheap: most texts are none. */
function mayBegin(node: Node, { source }: SourceModule): boolean {
  const rest = source.slice(node.start, node.end);
  return /[{]/.test(rest) && /^[`'"(]?\s*(#|\{|query|mutation|subscription|\$\{|\w+\s*\+)/.test(rest);
}

function operation(text: Text, node: Node, module: SourceModule): Embedded[] {
  const whole = text.map((piece) => (piece.unknown ? '__unknown' : piece.text)).join('');
  const sure = OPERATION.test(whole);
  if (!sure && !SHORT.test(whole)) return [];
  const open = text.some(({ unknown }) => unknown);
  const at = placeAt(module, node.start);
  try {
    const document = parse(whole);
    return document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION) ? [{ text, document, at, open }] : [];
  } catch (error) {
    if (!sure || !(error instanceof GraphQLError)) return [];
    return [{ text, document: undefined, syntaxError: error, at, open }];
  }
}

/** Where in the programs a place of the whole text was written. */
export function placeIn(text: Text, location: SourceLocation, whole: string, sources: SourceModule['sources']): Place | undefined {
  let rest =
    whole
      .split('\n')
      .slice(0, location.line - 1)
      .join('\n').length +
    (location.line > 1 ? 1 : 0) +
    location.column -
    1;
  for (const piece of text) {
    const length = piece.unknown ? '__unknown'.length : piece.text.length;
    const module = sources.module(piece.file);
    if (rest < length && module) return placeAt(module, piece.start + (piece.unknown ? 0 : rest));
    rest -= length;
  }
  return undefined;
}

/** The whole text, with a name in place of what is not known. */
export function wholeOf(text: Text): string {
  return text.map((piece) => (piece.unknown ? '__unknown' : piece.text)).join('');
}

function placeAt({ file, source }: SourceModule, offset: number): Place {
  const before = source.slice(0, offset).split('\n');
  return { file, line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
