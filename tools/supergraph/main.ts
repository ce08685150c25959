import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Broker } from '@madang/kernel/nats';
import { createLogger } from '@madang/kernel/observability';
import { supergraphSettings } from '../../router/settings/supergraph.ts';
import { type Bucket, openBucket } from '../../router/supergraph/bucket.ts';
import { knownOperations } from '../../router/supergraph/known-operations.ts';
import { natsAddress } from '../events/running.ts';
import { contextsWithSdl, root } from '../workspace.ts';
import { earlier, publish, status } from './publish.ts';

const USAGE = `Usage: npm run supergraph:publish -- [what] [how]
puts a supergraph into the bucket on nats-server from which routers with ROUTER_SUPERGRAPH=kv take it.

  (nothing)                        schema/supergraph.graphql
  --file <path>                    another file
  --compose                        composes schema/subgraphs/
  --rollback <revision|version>    one that the bucket remembers
  --status                         publishes nothing; tells what was published and what routers work with

  --dry-run                        only says what would be published, and whether it is good
  --force                          also when operations of schema/operations are not valid in it
  --wait [--for <seconds>]         until every router that goes by the bucket works with it (60 s at most)

The server is that of the Madang that runs here, or NATS_URL; NATS_PREFIX and ROUTER_SUPERGRAPH_BUCKET as the routers have them.`;

const log = createLogger({ name: 'supergraph', level: process.env.LOG_LEVEL ?? 'error' });
const say = (line: string): void => console.log(line);

const asked = () =>
  parseArgs({
    options: {
      file: { type: 'string' },
      compose: { type: 'boolean', default: false },
      rollback: { type: 'string' },
      status: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      wait: { type: 'boolean', default: false },
      for: { type: 'string', default: '60' },
      help: { type: 'boolean', default: false },
    },
  }).values;

async function composed(): Promise<string> {
  // Not there in the image, which has what was composed.
  const [{ compose }, { readSdl }] = await Promise.all([import('../generate/supergraph.ts'), import('../generate/sdl.ts')]);
  return compose(contextsWithSdl().map((context) => readSdl(context))).supergraph;
}

async function chosen({ file, rollback, compose }: ReturnType<typeof asked>, bucket: Bucket): Promise<string> {
  if (rollback !== undefined) return (await earlier(bucket, rollback)).supergraphSdl;
  if (compose) return composed();
  return readFileSync(file ?? path.join(root, 'schema/supergraph.graphql'), 'utf8');
}

async function main(): Promise<void> {
  const values = asked();
  if (values.help) return console.log(USAGE);
  if ([values.file, values.rollback, values.compose || undefined, values.status || undefined].filter((one) => one !== undefined).length > 1)
    throw new Error(`one of --file, --compose, --rollback, --status\n\n${USAGE}`);
  const waitMs = values.wait ? Number(values.for) * 1_000 : 0;
  if (!Number.isFinite(waitMs)) throw new Error('--for takes seconds');
  const url = natsAddress(process.env);
  if (!url) throw new Error('Madang does not run here: start it with npm start, or set NATS_URL');
  const prefix = process.env.NATS_PREFIX ?? '';
  const reached = Broker.open({ url, prefix, name: 'madang supergraph', log }, AbortSignal.timeout(5_000));
  const broker = await reached.catch((cause: unknown) => {
    throw new Error(`nats-server does not answer at ${new URL(url).host}`, { cause });
  });
  try {
    const bucket = await openBucket(broker, prefix, process.env.ROUTER_SUPERGRAPH_BUCKET || supergraphSettings.supergraphBucket);
    if (values.status) return await status({ broker, bucket, say });
    const operations = knownOperations();
    await publish(await chosen(values, bucket), {
      broker,
      bucket,
      operations,
      dryRun: values['dry-run'],
      force: values.force,
      waitMs,
      say,
    });
  } finally {
    await broker.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
