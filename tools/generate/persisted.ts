import { createHash } from 'node:crypto';
import { Kind, parse, print, separateOperations } from 'graphql';
import type { Repository } from '../schema/repository.ts';

export const MANIFEST = 'schema/persisted-operations.json';

const OPERATIONS = 'schema/operations';

/**
 * The manifest of the operations in `schema/operations/`, in Apollo's format: each as graphql-js prints it, with its fragments, and named by the SHA-256 of that text.
 * @throws Error for one without a name, or two of the same
 */
export function persistedOperations(repository: Repository): string {
  const operations = repository.files(OPERATIONS, '.graphql').flatMap((file) =>
    Object.values(separateOperations(parse(repository.read(file), { noLocation: true }))).map((document) => {
      const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
      const name = operation?.name?.value;
      if (!operation || name === undefined) throw new Error(`${file}: an operation has no name`);
      const body = print(document);
      return { id: createHash('sha256').update(body).digest('hex'), name, type: operation.operation, body };
    }),
  );
  const names = operations.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`${OPERATIONS}: two operations are called ${twice}`);
  const sorted = operations.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return `${JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations: sorted }, null, 2)}\n`;
}
