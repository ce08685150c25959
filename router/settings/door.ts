import { z } from 'zod';
import { isNetwork } from '../door/client-address.ts';
import { mayBePassedOn } from '../door/passed-headers.ts';
import { choice, defaultsOf, flag, type Settings, whole } from './setting.ts';

const words = (text: string): string[] => text.split(',').flatMap((word) => word.trim() || []);

/** Words, separated by commas, each of which is right. */
const checked = (otherwise: readonly string[], description: string, right: (word: string) => boolean, wrong: string) =>
  z
    .string()
    .transform((text, context) => {
      const given = words(text);
      for (const word of given) if (!right(word)) context.addIssue({ code: 'custom', message: `${word}: ${wrong}` });
      return given;
    })
    .default([...otherwise])
    .meta({ description });

const isOrigin = (word: string): boolean => word === '*' || (URL.canParse(word) && /^https?:/.test(word) && new URL(word).origin === word);

/** Who comes in, how often, and with what. */
export const doorShape = {
  ratePerAccount: whole(0, 'operations/min', 'Operations of one account, over whatever protocol; 0: any number.'),
  burstPerAccount: whole(100, 'operations', 'Operations that an account may send at once, when it was quiet before.', 1),
  ratePerAddress: whole(0, 'operations/min', 'Operations from one address, of those who are not signed in; 0: any number.'),
  burstPerAddress: whole(200, 'operations', 'Operations that may come at once from an address that was quiet before.', 1),
  rateKeys: whole(
    100_000,
    'accounts',
    'Accounts, and addresses, whose operations are counted; those heard least recently are forgotten.',
    1,
  ),
  rateShareMs: whole(100, 'ms', 'Time after which routers tell each other what they have let in; only while they do.', 1),
  socketsPerAddress: whole(20_000, 'sockets', 'WebSockets from one address; many may come through one proxy.', 1),
  trustedProxies: checked(
    [],
    'Addresses of proxies (`10.0.0.0/8`, `::1`, …) that are believed when they say where a client is. None: a client is where its connection comes from.',
    isNetwork,
    'is no address and no network (10.0.0.0/8)',
  ),
  proxyHeader: choice(
    ['x-forwarded-for', 'forwarded'],
    'x-forwarded-for',
    'The header in which those proxies say it; the other one is not read.',
  ),
  operationTimeoutMs: whole(
    30_000,
    'ms',
    'Time that a query or mutation has. What only reads is given up then; whether a mutation was done is unknown. 0: any.',
  ),
  headersTimeoutMs: whole(10_000, 'ms', "Time that a request's headers have to arrive; 0: any."),
  requestTimeoutMs: whole(30_000, 'ms', 'Time that a whole request has to arrive; 0: any.'),
  headerBytes: whole(16_384, 'bytes', "Size of a request's headers.", 1_024),
  corsOrigins: checked(
    ['*'],
    'Origins (`https://shop.example`) whose pages may ask and open WebSockets; `*`: any. Who asks is told by a header, never by a cookie.',
    isOrigin,
    'is no origin (https://shop.example, without a path)',
  ),
  corsCredentials: flag(false, "Whether those pages' browsers may send cookies along; not with `*`."),
  passedHeaders: checked(
    [],
    "Clients' headers that subgraphs are sent as they came; over a WebSocket those of its opening.",
    mayBePassedOn,
    'is never passed on as it came',
  ),
};

export type DoorSettings = Settings<typeof doorShape>;

/** Where nothing is set. */
export const doorDefaults: DoorSettings = defaultsOf(doorShape);
