import type { IncomingMessage, ServerOptions } from 'node:http';
import { type Actor, anonymous } from '@madang/kernel/domain';
import type { Broker } from '@madang/kernel/nats';
import type { Logger } from 'pino';
import type { Client } from '../context.ts';
import { asGraphQLError } from '../errors.ts';
import type { Identity, Principal } from '../identity.ts';
import type { Metrics } from '../metrics.ts';
import type { DoorSettings } from '../settings/door.ts';
import { clientAddresses } from './client-address.ts';
import { type Cors, cors } from './cors.ts';
import { counted } from './counted.ts';
import { passedHeaders } from './passed-headers.ts';
import { rateLimits } from './rate-limits.ts';

export interface DoorOptions {
  readonly settings: DoorSettings;
  readonly identity: Identity;
  readonly metrics: Metrics;
  readonly broker: Promise<Broker> | undefined;
  readonly log: Logger;
}

/** Who comes in, how often, and with what; the same for every protocol. */
export interface Door {
  readonly cors: Cors;
  /** How long and how large a request may be, for node:http. */
  readonly server: ServerOptions;
  /** Where a request is from, and which of its headers subgraphs are sent. */
  clientOf(request: IncomingMessage): Client;
  /** As {@link Identity}'s. What is refused counts as an operation of nobody: to try tokens out is not free. @throws GraphQLError UNAUTHENTICATED, TRY_AGAIN_LATER */
  authenticate(authorization: string | undefined, client: Client): Promise<Principal>;
  /** Lets one operation in. @throws GraphQLError TRY_AGAIN_LATER, status 429, for who asks too often */
  admit(actor: Actor, client: Client): void;
  /** Lets a WebSocket in; what is returned lets it out. Undefined: there are too many from that address. */
  enter(client: Client): (() => void) | undefined;
  close(): void;
}

/** @throws Error for settings that do not go together */
export function door({ settings, identity, metrics, broker, log }: DoorOptions): Door {
  const addressOf = clientAddresses(settings);
  const passedOf = passedHeaders(settings.passedHeaders);
  const rates = rateLimits({ settings, metrics, broker, log });
  const sockets = counted(settings.socketsPerAddress);
  const admit = (actor: Actor, { address }: Client): void => rates.admit(actor, address);
  const { headersTimeoutMs, requestTimeoutMs, headerBytes } = settings;
  return {
    cors: cors(settings),
    server: {
      maxHeaderSize: headerBytes,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.max(50, Math.min(headersTimeoutMs || 30_000, requestTimeoutMs || 30_000) / 4),
    },
    clientOf: (request) => ({ address: addressOf(request), passed: passedOf(request.headers) }),
    async authenticate(authorization, client) {
      try {
        return await identity.authenticate(authorization);
      } catch (error) {
        if (asGraphQLError(error).extensions.code === 'UNAUTHENTICATED') admit(anonymous, client);
        throw error;
      }
    },
    admit,
    enter: ({ address }) => sockets.enter(address),
    close: rates.close,
  };
}
