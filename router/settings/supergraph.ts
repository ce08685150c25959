import { z } from 'zod';
import { choice, defaultsOf, flag, type Settings, whole } from './setting.ts';

const text = (otherwise: string, description: string) => z.string().default(otherwise).meta({ description });

/** Where the supergraph comes from, and how the router goes over to another one. */
export const supergraphShape = {
  supergraph: choice(
    ['file', 'kv'],
    'file',
    'Where the supergraph is: `file`, or `kv`, a key-value bucket on nats-server (needs `NATS_URL`). It is watched in both.',
  ),
  supergraphFile: text(
    '',
    'The file with the supergraph. Empty: `schema/supergraph.graphql` of the program. With `kv`: what the router starts with when it has nothing better.',
  ),
  supergraphBucket: z
    .string()
    .regex(/^[\w-]+$/, 'needs letters, digits, - and _')
    .default('supergraph')
    .meta({ description: 'The bucket, with `kv`; `NATS_PREFIX` is put before it.' }),
  supergraphKept: text(
    '',
    'A file in which the last good supergraph of the bucket is kept, for a start while nats-server is away. Empty: none is kept.',
  ),
  supergraphWaitMs: whole(3_000, 'ms', 'Time that the router waits for the bucket when it starts; then it starts with what it has.'),
  supergraphPollMs: whole(5_000, 'ms', 'Time between two looks for another supergraph, beside being told of one.', 100),
  supergraphSettleMs: whole(100, 'ms', 'Time for which a file that has changed must stay the same: whoever writes it is done then.'),
  supergraphStrict: flag(
    false,
    'Whether a supergraph is refused when an operation of `schema/operations` is not valid in it; else it is a warning.',
  ),
};

export type SupergraphSettings = Settings<typeof supergraphShape>;

export const supergraphSettings: SupergraphSettings = defaultsOf(supergraphShape);
