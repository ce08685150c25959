/** What a change of files asks for, in this order. */
export type Plan = {
  generate: boolean;
  /** Contexts whose database has to be brought up to date. */
  migrate: string[];
  /** Processes to restart: contexts, and `router`. */
  restart: string[];
};

/** What `plan` has to know of the repository. */
export type Repository = {
  contexts: string[];
  /** The contexts that import this one's events. */
  readersOf(context: string): string[];
  /** The contexts that call this one, with typed documents. */
  callersOf(context: string): string[];
};

/** Says what has to be done after these files (paths in the repository) have changed. */
export function planFor(files: string[], { contexts, readersOf, callersOf }: Repository): Plan {
  const restart = new Set<string>();
  const migrate = new Set<string>();
  let generate = false;
  const known = (context: string | undefined): context is string => context !== undefined && contexts.includes(context);
  for (const file of files.filter(matters)) {
    const [top, second, ...inside] = file.split('/');
    if (top === 'kernel') for (const name of [...contexts, 'router']) restart.add(name);
    else if (top === 'router') restart.add('router');
    else if (top === 'subgraphs' && known(second)) {
      restart.add(second);
      if (file.endsWith('.graphql')) generate = true;
      if (inside.at(-1) === 'events.ts') for (const reader of readersOf(second)) restart.add(reader);
    } else if (top === 'schema' && second === 'subgraphs') {
      const context = inside[0]?.replace(/\.graphql$/, '');
      if (!known(context)) continue;
      generate = true;
      for (const name of [context, ...callersOf(context), 'router']) restart.add(name);
    } else if (top === 'prisma') {
      const owners = second === 'kernel' ? contexts : known(second) ? [second] : [];
      if (owners.length > 0) generate = true;
      for (const context of owners) {
        migrate.add(context);
        restart.add(context);
      }
    }
  }
  return { generate, migrate: [...migrate].sort(), restart: [...restart].sort() };
}

/** Not tests, not what is generated, not what an editor leaves. */
function matters(file: string): boolean {
  return (
    /\.(ts|graphql|prisma|sql|json|html)$/.test(file) &&
    !file.endsWith('.spec.ts') &&
    !/(^|\/)(generated|node_modules|\.[^/]+)\//.test(file)
  );
}
