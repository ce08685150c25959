import type { EventEmitter } from 'node:events';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type Actor, Refused } from '../domain/index.ts';
import type { Trail } from '../prisma/index.ts';

/** Why a call has no known answer. */
export type UnavailableReason = 'timeout' | 'network' | 'server' | 'broken' | 'bulkhead';

/** No definite answer from the other side. Whether it acted is unknown unless `sent` is false. */
export class Unavailable extends Error {
  override name = 'Unavailable';
  readonly edge: string;
  readonly reason: UnavailableReason;
  /** False: the callee got no call (breaker open, bulkhead full, connection refused). */
  readonly sent: boolean;
  readonly retryAfterSeconds: number;

  constructor(edge: string, reason: UnavailableReason, sent: boolean, retryAfterSeconds: number, cause?: unknown) {
    super(`${edge}: ${reason}`, { cause });
    this.edge = edge;
    this.reason = reason;
    this.sent = sent;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * The callee said no, but an earlier try of the same call had gone without an answer: that one may still be under way, and act.
 * A plain refusal to whoever does not ask for more.
 */
export class LateRefusal extends Refused {
  constructor({ code, message, details }: Refused) {
    super(code, message, details);
  }
}

/** The way from one context to another, wrapped in its policies; made once per process. */
export interface Edge {
  /** `applications→payments` */
  readonly name: string;
  /** `closed`: calls pass; `open`: none does; `half-open`: trials. */
  readonly state: 'closed' | 'open' | 'half-open';
  /** Emits `state` when the breaker changes. */
  readonly signals: EventEmitter<{ state: ['closed' | 'open' | 'half-open'] }>;
  /**
   * Calls the callee's subgraph as this context's service.
   * @throws Refused with the callee's code when it said no (LateRefusal when an earlier try may still act); Unavailable when there is no definite answer
   */
  call<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    cause: Trail & { readonly actor?: Actor },
  ): Promise<Data>;
}
