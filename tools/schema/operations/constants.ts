import { type Call, isNode, type Node, type SourceModule } from './module.ts';

/** A piece of a text, and where it was written. */
export interface Piece {
  readonly text: string;
  readonly file: string;
  /** Offset in the file. */
  readonly start: number;
  /** Nobody can say before it runs what stands here. */
  readonly unknown?: true;
}

/** A text that is known without running anything: its pieces in order. */
export type Text = readonly Piece[];

const MOST = 64;
const TRANSPARENT = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'ParenthesizedExpression']);

/** Which call of a function is looked at: what its parameters stand for. */
type Calls = ReadonlyMap<Node, Call>;

/**
 * All texts that an expression may be: literals, templates of constants, over imports, sums, members of constant objects, either side of a condition,
 * and for a function's parameters what each of its calls hands in, wherever it is. What remains open is a piece with `unknown`.
 */
export function textsOf(node: Node, module: SourceModule): Text[] {
  const functions = module.within(node).flatMap((it) => {
    const meaning = it.type === 'Identifier' ? module.meaning(it.name as string, it.start) : undefined;
    return meaning?.kind === 'parameter' ? [meaning.of] : [];
  });
  const [called] = functions;
  const calls = called ? callsOf(called, module) : [];
  if (!called || calls.length === 0) return resolve(node, module, new Map(), 0);
  return calls.slice(0, MOST).flatMap((call) => resolve(node, module, new Map([[called, call]]), 0));
}

function resolve(node: Node, module: SourceModule, calls: Calls, depth: number): Text[] {
  const open: Text[] = [[{ text: '', file: module.file, start: node.start, unknown: true }]];
  if (depth > 12) return open;
  const again: Again = (it, inside = module, within = calls) => (isNode(it) ? resolve(it, inside, within, depth + 1) : open);
  if (TRANSPARENT.has(node.type)) return again(node.expression);
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [[{ text: node.value, file: module.file, start: node.start + 1 }]] : open;
    case 'TemplateLiteral':
      return template(node, module, again);
    case 'TaggedTemplateExpression':
      return again(node.quasi);
    case 'BinaryExpression':
      return node.operator === '+' ? joined([again(node.left), again(node.right)]) : open;
    case 'ConditionalExpression': {
      const is = decided(node.test as Node, again);
      if (is !== undefined) return again(is ? node.consequent : node.alternate);
      return [...again(node.consequent), ...again(node.alternate)].slice(0, MOST);
    }
    case 'Identifier': {
      const meaning = module.meaning(node.name as string, node.start);
      if (meaning.kind === 'expression') return again(meaning.node, meaning.module);
      if (meaning.kind !== 'parameter') return open;
      const call = calls.get(meaning.of);
      const possible = call ? [call] : callsOf(meaning.of, meaning.module);
      return possible.length > 0 ? possible.flatMap(({ args, module }) => again(args[meaning.index], module)).slice(0, MOST) : open;
    }
    case 'MemberExpression':
      return (
        membersOf(node, module)
          ?.flatMap((value) => again(value.node, value.module))
          .slice(0, MOST) ?? open
      );
    case 'CallExpression':
      return answered(node, module, again, calls) ?? open;
    default:
      return open;
  }
}

/** What a comparison of two known texts comes to. */
function decided(test: Node, again: Again): boolean | undefined {
  if (test.type !== 'BinaryExpression' || (test.operator !== '===' && test.operator !== '!==')) return undefined;
  const [left, right] = [again(test.left), again(test.right)].map((texts) => (texts.length === 1 ? texts[0] : undefined));
  if (!left || !right || [...left, ...right].some(({ unknown }) => unknown)) return undefined;
  const same = left.map(({ text }) => text).join('') === right.map(({ text }) => text).join('');
  return test.operator === '===' ? same : !same;
}

type Again = (node: unknown, inside?: SourceModule, within?: Calls) => Text[];

function template(node: Node, module: SourceModule, again: Again): Text[] {
  const parts: Text[][] = [];
  const expressions = node.expressions as Node[];
  for (const [index, quasi] of (node.quasis as (Node & { value: { cooked: string } })[]).entries()) {
    // Some parsers count the ` and the ${ to the piece: its place is found by its text.
    const start = Math.max(quasi.start, module.source.indexOf((quasi.value as unknown as { raw: string }).raw, quasi.start));
    parts.push([[{ text: quasi.value.cooked, file: module.file, start }]]);
    if (expressions[index]) parts.push(again(expressions[index]));
  }
  return joined(parts);
}

function joined(parts: Text[][]): Text[] {
  return parts.reduce<Text[]>((texts, ends) => texts.flatMap((text) => ends.map((end) => [...text, ...end])).slice(0, MOST), [[]]);
}

/** What `OBJECT.name` or, for a name that is not known, each of `OBJECT[…]` is. */
function membersOf(node: Node, module: SourceModule): { node: Node; module: SourceModule }[] | undefined {
  const object = objectOf(node.object as Node, module);
  if (!object) return undefined;
  const key = node.property as Node;
  const name = node.computed ? (key.type === 'Literal' ? String(key.value) : undefined) : (key.name as string);
  const properties = (object.node.properties as Node[]).filter(({ type }) => type === 'Property');
  const values = properties.filter((it) => name === undefined || nameOf(it.key as Node) === name).map((it) => it.value as Node);
  return values.length > 0 ? values.map((value) => ({ node: value, module: object.module })) : undefined;
}

function objectOf(node: Node, module: SourceModule): { node: Node; module: SourceModule } | undefined {
  if (TRANSPARENT.has(node.type)) return objectOf(node.expression as Node, module);
  if (node.type === 'ObjectExpression') return { node, module };
  if (node.type === 'MemberExpression') {
    const members = membersOf(node, module);
    return members?.length === 1 && members[0] ? objectOf(members[0].node, members[0].module) : undefined;
  }
  if (node.type !== 'Identifier') return undefined;
  const meaning = module.meaning(node.name as string, node.start);
  return meaning.kind === 'expression' ? objectOf(meaning.node, meaning.module) : undefined;
}

/** The calls of a function in all programs, which have all been read when the first is asked for. */
function callsOf(of: Node, { sources }: SourceModule): Call[] {
  const known = sources.calls.get(of);
  if (known) return known;
  const found = sources.all.flatMap((module) =>
    module.calls.filter(({ callee }) => meansFunction(callee, of, module)).map((call) => ({ args: call.arguments as Node[], module })),
  );
  sources.calls.set(of, found);
  return found;
}

function meansFunction(callee: unknown, of: Node, module: SourceModule): boolean {
  if (!isNode(callee) || callee.type !== 'Identifier') return false;
  const meaning = module.meaning(callee.name as string, callee.start);
  return meaning.kind === 'expression' && meaning.node === of;
}

/** What a call of `(x) => \`…\`` answers. */
function answered(node: Node, module: SourceModule, again: Again, calls: Calls): Text[] | undefined {
  const callee = node.callee as Node;
  if (callee.type !== 'Identifier') return undefined;
  const meaning = module.meaning(callee.name as string, callee.start);
  if (meaning.kind !== 'expression' || meaning.node.type !== 'ArrowFunctionExpression') return undefined;
  const body = meaning.node.body as Node;
  if (body.type === 'BlockStatement') return undefined;
  return again(body, meaning.module, new Map([...calls, [meaning.node, { args: node.arguments as Node[], module }]]));
}

function nameOf(key: Node): string {
  return String(key.type === 'Identifier' ? key.name : key.value);
}
