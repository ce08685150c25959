import { isNode, type Node, type SourceModule } from './module.ts';

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

/**
 * All texts that an expression may be: literals, templates of constants, over imports, sums, members of constant objects, either side of a condition,
 * and for a function's parameter what its calls hand in, wherever they are. What remains open is a piece with `unknown`.
 */
export function textsOf(node: Node, module: SourceModule, depth = 0): Text[] {
  const open: Text[] = [[{ text: '', file: module.file, start: node.start, unknown: true }]];
  if (depth > 12) return open;
  const again = (it: unknown, inside = module) => (isNode(it) ? textsOf(it, inside, depth + 1) : open);
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
    case 'ConditionalExpression':
      return [...again(node.consequent), ...again(node.alternate)].slice(0, MOST);
    case 'Identifier': {
      const meaning = module.meaning(node.name as string, node.start);
      if (meaning.kind === 'expression') return again(meaning.node, meaning.module);
      if (meaning.kind === 'parameter') return argumentsOf(meaning.of, meaning.index, meaning.module, again) ?? open;
      return open;
    }
    case 'MemberExpression':
      return (
        membersOf(node, module)
          ?.flatMap((value) => again(value.node, value.module))
          .slice(0, MOST) ?? open
      );
    case 'CallExpression':
      return called(node, module, again) ?? open;
    default:
      return open;
  }
}

type Again = (node: unknown, inside?: SourceModule) => Text[];

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

/** What the calls of a function hand in at a place; undefined when none is seen. */
function argumentsOf(of: Node, index: number, module: SourceModule, again: Again): Text[] | undefined {
  const texts: Text[] = [];
  for (const caller of module.sources.all) {
    for (const call of caller.calls) {
      if (meansFunction(call.callee, of, caller)) texts.push(...again((call.arguments as Node[])[index], caller));
    }
  }
  return texts.length > 0 ? texts.slice(0, MOST) : undefined;
}

function meansFunction(callee: unknown, of: Node, module: SourceModule): boolean {
  if (!isNode(callee) || callee.type !== 'Identifier') return false;
  const meaning = module.meaning(callee.name as string, callee.start);
  return meaning.kind === 'expression' && meaning.node === of;
}

/** A call of `(x) => \`…\``: what it answers; its own arguments are looked up as those of all calls. */
function called(node: Node, module: SourceModule, again: Again): Text[] | undefined {
  const callee = node.callee as Node;
  if (callee.type !== 'Identifier') return undefined;
  const meaning = module.meaning(callee.name as string, callee.start);
  if (meaning.kind !== 'expression' || meaning.node.type !== 'ArrowFunctionExpression') return undefined;
  const body = meaning.node.body as Node;
  return body.type === 'BlockStatement' ? undefined : again(body, meaning.module);
}

function nameOf(key: Node): string {
  return String(key.type === 'Identifier' ? key.name : key.value);
}
