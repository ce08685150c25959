import { type ConstDirectiveNode, type FieldDefinitionNode, Kind } from 'graphql';
import { parse } from 'yaml';
import type { Finding } from '../finding.ts';
import type { Repository } from '../repository.ts';
import { directive, fieldsOf, type Remark, type Rule, type Subject } from './sdl.ts';

/** The root fields that are for anybody. */
export const PUBLIC_FIELDS = 'schema/public-fields.yaml';

const GUARDS = ['authenticated', 'requiresScopes', 'policy'];
const ROOTS = ['Query', 'Mutation', 'Subscription'];

/** Reads the list of the root fields that are for anybody; empty when there is none. */
export function publicFields(repository: Repository): ReadonlySet<string> {
  const listed: unknown = repository.exists(PUBLIC_FIELDS) ? parse(repository.read(PUBLIC_FIELDS)) : [];
  return new Set(Array.isArray(listed) ? listed.map(String) : []);
}

/** The roles that a directive's scopes name. */
function rolesIn({ arguments: given = [] }: ConstDirectiveNode): string[] {
  const lists = given.flatMap(({ value }) => (value.kind === Kind.LIST ? value.values : []));
  const scopes = lists.flatMap((list) => (list.kind === Kind.LIST ? list.values : []));
  return scopes.flatMap((scope) => (scope.kind === Kind.STRING && scope.value.startsWith('role:') ? scope.value.slice(5) : []));
}

function* remarksOn(root: string, node: FieldDefinitionNode, isPublic: boolean): Generator<Remark> {
  const of = `${root}.${node.name.value}`;
  const guards = GUARDS.flatMap((name) => directive(node, name) ?? []);
  const says = (word: string) => new RegExp(`\\b${word}\\b`).test(node.description?.value ?? '');
  const remark = (message: string, mend: string): Remark => ({ node, of, message: `${of} ${message}`, mend });
  if (guards.length === 0 && !isPublic) {
    const mend = `@authenticated, or @requiresScopes(scopes: [["role:ADMIN"]]); or, if it is for anybody, a line in ${PUBLIC_FIELDS}`;
    yield remark('does not say who may ask', mend);
    return;
  }
  if (guards.length > 0 && isPublic)
    yield remark(`is listed as public and has @${guards[0]?.name.value}`, `take one of both away (${PUBLIC_FIELDS})`);
  if (!node.description) return;
  const codes = { UNAUTHENTICATED: guards.length > 0, FORBIDDEN: guards.some(({ name }) => name.value !== 'authenticated') };
  for (const [code, comes] of Object.entries(codes)) {
    if (comes && !says(code))
      yield remark(`is refused with ${code} and does not say so`, `add \`${code}\` to the codes of its description`);
    if (!comes && says(code)) yield remark(`says ${code} and has no directive that refuses so`, 'add the directive, or take the code out');
  }
  for (const role of new Set(guards.flatMap(rolesIn)))
    if (!says(role)) yield remark(`is for ${role} and does not say so`, `say in its description that it is for ${role}`);
}

/** A root field says who may ask for it, in its directives and in its description; what only contexts call is none of the router's business. */
export const whoMayAsk: Rule = {
  name: 'who-may-ask',
  look: (subject: Subject) =>
    ROOTS.flatMap((root) =>
      fieldsOf(subject, root)
        .filter((node) => !directive(node, 'inaccessible'))
        .flatMap((node) => [...remarksOn(root, node, subject.publicFields.has(`${root}.${node.name.value}`))]),
    ),
};

/** Lines of the list that name no root field. */
export function idlePublicFields(subjects: readonly Subject[], listed: ReadonlySet<string>): Finding[] {
  const known = new Set(
    subjects.flatMap((subject) => ROOTS.flatMap((root) => fieldsOf(subject, root).map(({ name }) => `${root}.${name.value}`))),
  );
  return [...listed]
    .filter((name) => !known.has(name))
    .map((name) => ({
      check: 'lint',
      rule: 'who-may-ask',
      severity: 'error',
      message: `${name} is listed as public, and there is no such field`,
      mend: 'take the line out',
      at: { file: PUBLIC_FIELDS },
    }));
}
