import { parseAst } from 'rolldown/parseAst';

/** How code names an imported value: it calls it, hands it on, lists it, or something else. */
export interface Reference {
  /** What the import names: `@madang/payments/events`, `./events.ts`. */
  readonly module: string;
  /** The name there. */
  readonly name: string;
  readonly how: 'called' | 'argument' | 'element' | 'when' | 'other';
  /** For an argument: the name of the function that gets it. */
  readonly to?: string | undefined;
  readonly line: number;
}

/** A source as far as we look at it. */
export interface Source {
  /** What it imports, types left out. */
  readonly imports: readonly string[];
  readonly references: readonly Reference[];
  /** The literal lists of names in calls of `defineContext`: `calls: ['payments']`. */
  readonly calls: readonly string[];
}

/** Most sources have nothing to do with events: of these only the imports count, and those need no parser. */
const INTERESTING = /\/events(\.ts)?['"]|defineContext/;
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;

type Node = Record<string, unknown> & { type: string; start: number };

const TRANSPARENT = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSInstantiationExpression']);

/** Reads what a TypeScript source does with what it imports; values only, types are nobody's use. */
export function readSource(text: string): Source {
  if (!INTERESTING.test(text)) return { imports: [...text.matchAll(IMPORT)].map(([, module = '']) => module), references: [], calls: [] };
  const bound = new Map<string, { module: string; name: string }>();
  const imports: string[] = [];
  const references: Reference[] = [];
  const calls: string[] = [];
  const ast = parseAst(text, { lang: 'ts' }) as unknown as Node;

  const line = (node: Node) => text.slice(0, node.start).split('\n').length;

  function declare(node: Node): void {
    const module = (node.source as { value?: string } | null)?.value;
    if (module === undefined || node.importKind === 'type' || node.exportKind === 'type') return;
    imports.push(module);
    for (const specifier of (node.specifiers ?? []) as Node[]) {
      if (specifier.importKind === 'type') continue;
      const name = specifier.type === 'ImportNamespaceSpecifier' ? '*' : ((specifier.imported as { name?: string })?.name ?? 'default');
      if (node.type === 'ImportDeclaration') bound.set((specifier.local as { name: string }).name, { module, name });
    }
  }

  /** The import that an expression is: `PaymentApproved`, or `payments.PaymentApproved` of a namespace. */
  function imported(node: Node): { module: string; name: string } | undefined {
    if (node.type === 'Identifier') {
      const found = bound.get(node.name as string);
      return found && found.name !== '*' ? found : undefined;
    }
    if (node.type !== 'MemberExpression' || node.computed === true) return undefined;
    const namespace = bound.get((node.object as { name?: string }).name ?? '');
    return namespace?.name === '*' ? { module: namespace.module, name: (node.property as { name: string }).name } : undefined;
  }

  function visit(value: unknown, how: Reference['how'], to?: string): void {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, how, to);
      return;
    }
    if (typeof value !== 'object' || value === null || !('type' in value)) return;
    const node = value as Node;
    const found = imported(node);
    if (found) references.push({ ...found, how, to, line: line(node) });
    else if (TRANSPARENT.has(node.type)) visit(node.expression, how, to);
    else if (node.type === 'SpreadElement') visit(node.argument, how, to);
    else if (node.type === 'CallExpression') visitCall(node);
    else if (node.type === 'ArrayExpression') visit(node.elements, 'element');
    else if (node.type === 'Property') visitProperty(node);
    else if (node.type === 'MemberExpression') {
      visit(node.object, 'other');
      if (node.computed === true) visit(node.property, 'other');
    } else if (node.type === 'ConditionalExpression') {
      visit(node.test, 'other');
      visit([node.consequent, node.alternate], how, to);
    } else if (!node.type.startsWith('TS') && node.type !== 'ImportDeclaration')
      for (const [key, child] of Object.entries(node)) if (key !== 'typeAnnotation' && key !== 'returnType') visit(child, 'other');
  }

  function visitProperty(node: Node): void {
    if (node.computed === true) visit(node.key, 'other');
    visit(node.value, (node.key as { name?: string }).name === 'when' ? 'when' : 'other');
  }

  function visitCall(node: Node): void {
    const callee = node.callee as Node;
    const name = (callee.name ?? (callee.property as { name?: string } | undefined)?.name) as string | undefined;
    visit(callee, 'called');
    visit(node.arguments, 'argument', name);
    if (name === 'defineContext') calls.push(...namesIn((node.arguments as Node[])[0], 'calls'));
  }

  for (const node of ast.body as Node[]) declare(node);
  visit(ast.body, 'other');
  return { imports, references, calls };
}

function namesIn(options: Node | undefined, key: string): string[] {
  const property = ((options?.properties ?? []) as Node[]).find((it) => (it.key as { name?: string } | undefined)?.name === key);
  const elements = ((property?.value as Node | undefined)?.elements ?? []) as { value?: unknown }[];
  return elements.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
}
