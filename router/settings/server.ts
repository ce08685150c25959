import { z } from 'zod';

/** Where the router listens, whom it believes, what it tells. These have the names that every program of Madang knows, without `ROUTER_`. */
export const serverShape = {
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000).meta({ description: 'Where it listens; 0: any free port.' }),
  HOST: z.string().min(1).default('127.0.0.1').meta({ description: 'The address on which it listens.' }),
  INTERNAL_SECRET: z.string().min(32, 'needs at least 32 bytes').meta({ description: 'Signs the internal tokens; at least 32 bytes.' }),
  JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description: "The keys of users' tokens (asymmetric algorithms only). Without it: `/.well-known/jwks.json` at `ACCOUNTS_URL`.",
    }),
  JWT_ISSUER: z.string().min(1).default('madang').meta({ description: '`iss` of the tokens.' }),
  JWT_AUDIENCE: z.string().min(1).default('madang').meta({ description: '`aud` of the tokens.' }),
  NATS_URL: z.string().optional().meta({
    description: 'nats-server, through which routers hear of events, of new supergraphs and of each other. Without it each is for itself.',
  }),
  NATS_PREFIX: z
    .string()
    .regex(/^[a-z0-9]*$/, 'needs lower-case letters and digits')
    .default('')
    .meta({ description: 'Before every name on nats-server; the same for all programs of one Madang.' }),
  ROUTER_FRONT: z
    .enum(['own', 'apollo'])
    .default('own')
    .meta({ description: 'Who speaks GraphQL over HTTP: `own`, or `apollo` (Apollo Server, for its plugins).' }),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .meta({ description: 'The least that is logged.' }),
};
