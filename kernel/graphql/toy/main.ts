import { ToyServer } from './server.ts';
import { ToyStream } from './stream.ts';

/** The toys' subgraph as a process of its own, which a test may kill: `NATS_URL`, `PREFIX`, `PORT`. */
const { NATS_URL = '', PREFIX = '', PORT = '' } = process.env;
const stream = await ToyStream.make(NATS_URL, PREFIX);
const { served } = await new ToyServer().start(stream.source({ progressMs: 50 }), { port: Number(PORT) });
process.send?.({ ready: served.url });
