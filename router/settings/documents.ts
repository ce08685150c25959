import { z } from 'zod';
import { choice, defaultsOf, flag, type Settings, whole } from './setting.ts';

const MODES = ['off', 'log', 'enforce'] as const;
const SWITCH = ['auto', 'on', 'off'] as const;
const AUTO = '`auto`: on, but off where `NODE_ENV` is `production`.';

/** What a document may be, and what it may cost. Counts are of a whole document, with its fragments put in wherever they are spread. */
export const documentsShape = {
  documentCharacters: whole(64 * 1024, 'characters', 'Length of a document.'),
  documentDepth: whole(
    20,
    'levels',
    'Fields within fields; fragments within fragments; lists and objects within an argument; lists of lists.',
  ),
  documentFields: whole(2_000, 'fields', 'Fields and fragment spreads.'),
  documentRootFields: whole(30, 'fields', 'Fields at the top of one operation.'),
  documentAliases: whole(50, 'aliases', 'Fields that are given another name.'),
  documentDirectives: whole(100, 'directives', 'Directives.'),
  fieldDirectives: whole(5, 'directives', 'Directives at one place.'),
  documentDefinitions: whole(100, 'definitions', 'Operations and fragments of a document.'),
  documentRepetitions: whole(5_000, 'comparisons', 'Comparisons of fields that are merged, as they have the same name in the answer.'),
  validationErrors: whole(5, 'errors', 'Errors that are told of a document; what comes after them is not looked for.', 1),
  batch: whole(0, 'operations', 'Operations in one POST; 0: no batches.'),
  costMode: choice(MODES, 'enforce', 'Operations above the greatest cost: `off` run, `log` run and are logged, `enforce` are refused.'),
  costLimit: whole(5_000, 'cost', 'Greatest cost of an operation, of a batch, of one event of a subscription; 0: any.'),
  costListSize: whole(10, 'entries', 'Length of a list of which `@listSize` says nothing.'),
  safelistMode: choice(
    MODES,
    'off',
    'Operations that are not in the manifest: `off` run, `log` run, are logged and counted, `enforce` are refused.',
  ),
  safelistFile: z
    .string()
    .default('schema/persisted-operations.json')
    .meta({ description: "The manifest (`apollo-persisted-query-manifest`); a relative path begins at the repository's root." }),
  apq: flag(true, 'Whether a client may send the hash of a document instead of it, once it has sent the document.'),
  apqCharacters: whole(16 * 1024 * 1024, 'characters', 'Documents that are kept for that, all together.'),
  introspection: choice(SWITCH, 'auto', `Whether \`__schema\` and \`__type\` are answered. ${AUTO}`),
  suggestions: choice(SWITCH, 'auto', `Whether errors say "Did you mean …?". ${AUTO}`),
  graphiql: choice(SWITCH, 'auto', `Whether GraphiQL is at \`/\`. ${AUTO}`),
};

export type DocumentSettings = Settings<typeof documentsShape>;

/** Where nothing is set. */
export const documents: DocumentSettings = defaultsOf(documentsShape);

const decided = (value: DocumentSettings['graphiql'], production: boolean) => (value === 'auto' ? (production ? 'off' : 'on') : value);

/** With what is left to `auto` decided by the environment's `NODE_ENV`. */
export function decidedBy(settings: DocumentSettings, nodeEnv: string | undefined): DocumentSettings {
  const production = nodeEnv === 'production';
  const { introspection, suggestions, graphiql } = settings;
  return {
    ...settings,
    introspection: decided(introspection, production),
    suggestions: decided(suggestions, production),
    graphiql: decided(graphiql, production),
  };
}
