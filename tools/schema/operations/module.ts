import path from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import type { Repository } from '../repository.ts';

/** A node of the parsed source; which fields there are depends on `type` (ESTree). */
export type Node = { readonly type: string; readonly start: number; readonly end: number } & Readonly<Record<string, unknown>>;

/** What a name stands for at a place: an expression, an import, or something that only a run would tell. */
export type Meaning =
  | { readonly kind: 'expression'; readonly node: Node; readonly module: SourceModule }
  | { readonly kind: 'parameter'; readonly index: number; readonly of: Node; readonly module: SourceModule }
  | { readonly kind: 'unknown' };

/** One call of a function. */
export interface Call {
  readonly args: readonly Node[];
  readonly module: SourceModule;
}

interface Scope {
  readonly start: number;
  readonly end: number;
  readonly names: Map<string, Meaning | { readonly kind: 'import'; readonly from: string; readonly name: string }>;
}

const SCOPES = new Set(['Program', 'BlockStatement', 'ForStatement', 'ForOfStatement', 'ForInStatement', 'CatchClause', 'SwitchStatement']);
const FUNCTIONS = new Set(['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration']);
const UNKNOWN = { kind: 'unknown' } as const;

/** A TypeScript or JavaScript source with what its names mean. */
export class SourceModule {
  readonly file: string;
  readonly source: string;
  readonly nodes: readonly Node[];
  readonly sources: Sources;
  readonly calls: readonly Node[];
  readonly #scopes: readonly Scope[];

  constructor(file: string, source: string, sources: Sources) {
    this.file = file;
    this.source = source;
    this.sources = sources;
    const nodes: Node[] = [];
    const scopes: Scope[] = [];
    const walk = (value: unknown, scope: Scope) => {
      if (Array.isArray(value)) {
        for (const item of value) walk(item, scope);
      } else if (isNode(value)) {
        nodes.push(value);
        this.#declare(value, scope);
        const inner = SCOPES.has(value.type) || FUNCTIONS.has(value.type) ? this.#open(value, scopes) : scope;
        for (const child of Object.values(value)) walk(child, inner);
      }
    };
    const program = parseAst(source, { lang: file.endsWith('.ts') ? 'ts' : 'js' }) as unknown;
    walk(program, { start: 0, end: source.length, names: new Map() });
    this.nodes = nodes;
    this.calls = nodes.filter(({ type }) => type === 'CallExpression');
    this.#scopes = scopes;
  }

  /** The nodes in a node, itself first. */
  within({ start, end }: Node): Node[] {
    const first = this.nodes.findIndex((node) => node.start >= start && node.end <= end);
    const inside: Node[] = [];
    for (let index = first; index >= 0 && index < this.nodes.length; index++) {
      const node = this.nodes[index] as Node;
      if (node.start >= end) break;
      inside.push(node);
    }
    return inside;
  }

  /** What a name means at an offset: of the innermost scope that declares it. */
  meaning(name: string, at: number): Meaning {
    const scope = this.#scopes.findLast(({ start, end, names }) => start <= at && at <= end && names.has(name));
    const found = scope?.names.get(name) ?? UNKNOWN;
    if (found.kind !== 'import') return found;
    return this.sources.module(path.posix.join(path.posix.dirname(this.file), found.from))?.meaning(found.name, 0) ?? UNKNOWN;
  }

  #open(node: Node, scopes: Scope[]): Scope {
    const scope: Scope = { start: node.start, end: node.end, names: new Map() };
    scopes.push(scope);
    if (FUNCTIONS.has(node.type)) {
      for (const [index, parameter] of (node.params as Node[]).entries()) {
        for (const name of namesIn(parameter)) {
          const plain = parameter.type === 'Identifier';
          scope.names.set(name, plain ? { kind: 'parameter', index, of: node, module: this } : UNKNOWN);
        }
      }
    }
    return scope;
  }

  #declare(node: Node, { names }: Scope): void {
    if (node.type === 'VariableDeclaration') {
      for (const { id, init } of node.declarations as { id: Node; init: Node | null }[]) {
        const constant = node.kind === 'const' && id.type === 'Identifier' && init;
        for (const name of namesIn(id)) names.set(name, constant ? { kind: 'expression', node: init, module: this } : UNKNOWN);
      }
    } else if (node.type === 'FunctionDeclaration' && isNode(node.id)) {
      names.set(node.id.name as string, { kind: 'expression', node, module: this });
    } else if (node.type === 'ImportDeclaration') {
      const from = (node.source as { value: string }).value;
      for (const specifier of node.specifiers as { local: Node; imported?: Node }[]) {
        const name = specifier.imported?.name as string | undefined;
        names.set(specifier.local.name as string, name && from.startsWith('.') ? { kind: 'import', from, name } : UNKNOWN);
      }
    }
  }
}

/** Reads and parses each source once. */
export class Sources {
  /** Found once for each function. */
  readonly calls = new Map<Node, Call[]>();
  readonly #repository: Repository;
  readonly #modules = new Map<string, SourceModule | undefined>();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** All that were read so far. */
  get all(): readonly SourceModule[] {
    return [...this.#modules.values()].filter((module) => module !== undefined);
  }

  /** Undefined when there is no such file. */
  module(file: string): SourceModule | undefined {
    if (!this.#modules.has(file)) {
      const source = this.#repository.exists(file) ? this.#repository.read(file) : undefined;
      this.#modules.set(file, source === undefined ? undefined : new SourceModule(file, source, this));
    }
    return this.#modules.get(file);
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string';
}

function namesIn(pattern: Node): string[] {
  if (pattern.type === 'Identifier') return [pattern.name as string];
  const parts = [pattern.properties, pattern.elements, pattern.value, pattern.left, pattern.argument, pattern.parameter].flat();
  return parts.filter(isNode).flatMap(namesIn);
}
