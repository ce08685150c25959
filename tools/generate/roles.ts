import { type Actor, anonymous, user } from '@madang/kernel/domain';
import { type DocumentNode, Kind, type ObjectTypeDefinitionNode, parse } from 'graphql';
import { keeps } from '../../router/engine/authorisation/rights.ts';
import { authorisationOf } from '../../router/engine/authorisation/rules.ts';

/** Where the table of the roles is. */
export const ROLES = 'docs/authorisation.md';

const START = '<!-- roles: npm run generate -->';
const END = '<!-- /roles -->';

export type Cell = 'allowed' | 'UNAUTHENTICATED' | 'FORBIDDEN';

/** One root field, and what each column's somebody is answered. */
export interface RoleRow {
  readonly root: string;
  readonly field: string;
  /** The context that has it. */
  readonly context: string;
  readonly cells: readonly Cell[];
}

export interface RoleTable {
  /** `anonymous`, then each role. */
  readonly columns: readonly string[];
  readonly rows: readonly RoleRow[];
}

const ROOTS = ['Query', 'Mutation', 'Subscription'];

const textOf = (
  { directives = [] }: { readonly directives?: ObjectTypeDefinitionNode['directives'] },
  directive: string,
  argument: string,
) => {
  const found = directives.find(({ name }) => name.value === directive)?.arguments?.find(({ name }) => name.value === argument)?.value;
  return found?.kind === Kind.STRING || found?.kind === Kind.ENUM ? found.value : undefined;
};

/** The values of an enum of the supergraph. */
const valuesOf = ({ definitions }: DocumentNode, name: string) =>
  definitions.flatMap((node) => (node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === name ? (node.values ?? []) : []));

/** Who may ask for each root field, by the directives of the supergraph. Scopes of tokens and policies are kept by nobody here. */
export function roleTable(supergraph: string): RoleTable {
  const document = parse(supergraph);
  const { rules, ofField } = authorisationOf(document);
  const contexts = new Map(
    valuesOf(document, 'join__Graph').map((graph) => [graph.name.value, textOf(graph, 'join__graph', 'name') ?? '']),
  );
  const roles = valuesOf(document, 'Role').map(({ name }) => name.value);
  const actors: readonly Actor[] = [anonymous, ...roles.map((role) => user('somebody', role))];

  const cell = (actor: Actor, needed: ReadonlySet<number>): Cell => {
    const kept = rules.every((rule, index) => !needed.has(index) || keeps(actor, rule, {}));
    return kept ? 'allowed' : actor.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
  };

  const rows = ROOTS.flatMap((root) =>
    document.definitions
      .filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === root)
      .flatMap((node) =>
        ((node as ObjectTypeDefinitionNode).fields ?? [])
          .filter(({ directives = [] }) => !directives.some(({ name }) => name.value === 'inaccessible'))
          .map((field): RoleRow => {
            const graph = textOf(field, 'join__field', 'graph') ?? textOf(node as ObjectTypeDefinitionNode, 'join__type', 'graph') ?? '';
            const needed = ofField(root, field.name.value);
            return { root, field: field.name.value, context: contexts.get(graph) ?? '', cells: actors.map((actor) => cell(actor, needed)) };
          }),
      ),
  );
  return { columns: ['anonymous', ...roles], rows };
}

/** The document with the table as the supergraph has it. @throws when it has no place for it */
export function withRoles(document: string, supergraph: string): string {
  const start = document.indexOf(START);
  const end = document.indexOf(END);
  if (start < 0 || end < start) throw new Error(`${ROLES} has no place for the roles: put "${START}" and "${END}" where they are to be`);
  const { columns, rows } = roleTable(supergraph);
  const lines = [
    `| field | context | ${columns.join(' | ')} |`,
    `|---|---|${columns.map(() => '---|').join('')}`,
    ...rows.map(({ root, field, context, cells }) => `| \`${root}.${field}\` | ${context} | ${cells.join(' | ')} |`),
  ];
  return `${document.slice(0, start + START.length)}\n${lines.join('\n')}\n${document.slice(end)}`;
}

/** Reads the table back, as it is documented. */
export function documentedRoles(document: string): RoleTable {
  const lines = document.slice(document.indexOf(START), document.indexOf(END)).split('\n');
  const cellsOf = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((each) => each.trim());
  const [head = '', , ...rows] = lines.filter((line) => line.startsWith('|'));
  return {
    columns: cellsOf(head).slice(2),
    rows: rows.map((line) => {
      const [name = '', context = '', ...cells] = cellsOf(line);
      const [root = '', field = ''] = name.replaceAll('`', '').split('.');
      return { root, field, context, cells: cells as Cell[] };
    }),
  };
}
