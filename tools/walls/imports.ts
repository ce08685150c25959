import { parseAst } from 'rolldown/parseAst';

/** One place where a file names another module: an import, an export from, an `import()` or an `import('…')` type. */
export type Import = { specifier: string; line: number };

const NAMING = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
  'TSExternalModuleReference',
]);

/** Everything that a TypeScript source imports, types included: who knows a type knows its owner. */
export function importsOf(source: string): Import[] {
  const found: Import[] = [];
  visit(parseAst(source, { lang: 'ts' }), (node) => {
    if (!NAMING.has(node.type as string)) return;
    const named = (node.source ?? node.argument ?? node.expression) as {
      value?: unknown;
      literal?: { value?: unknown };
      start?: number;
    } | null;
    const specifier = named?.value ?? named?.literal?.value;
    if (typeof specifier === 'string') found.push({ specifier, line: source.slice(0, node.start as number).split('\n').length });
  });
  return found;
}

function visit(node: unknown, look: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(node)) {
    for (const child of node) visit(child, look);
  } else if (typeof node === 'object' && node !== null) {
    if ('type' in node) look(node as Record<string, unknown>);
    for (const child of Object.values(node)) visit(child, look);
  }
}
