import pg from 'pg';
import { IdempotencyRace, VersionConflict } from '../prisma/index.ts';
import { Unavailable } from '../resilience/index.ts';
import { RetryLater } from './definition.ts';

const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
/** Classes 08 connection, 53 resources, 57 operator intervention, 58 system; Prisma's P1xxx and P2024 say the same. */
const OUT = /^(08|53|57|58|P1|P2024)/;

/** What the database said to a query of Prisma's, which has a code of its own for whatever it does not know. */
const beneath = (error: Error): unknown => {
  const { meta } = error as { meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } } };
  return meta?.driverAdapterError?.cause?.originalCode;
};

/** Whether a failure says that something is out (database, broker, callee), and nothing about what was to be done. */
export function isOutage(error: unknown): boolean {
  if (error instanceof Unavailable || error instanceof RetryLater) return true;
  if (error instanceof VersionConflict || error instanceof IdempotencyRace) return true;
  if (!(error instanceof Error)) return false;
  const codes = [(error as { code?: unknown }).code, beneath(error)];
  if (codes.some((code) => typeof code === 'string' && (NETWORK.has(code) || OUT.test(code)))) return true;
  if (error instanceof pg.DatabaseError) return false;
  return (
    /connection terminated|timeout exceeded when trying to connect|server has closed the connection|can't reach database/i.test(
      error.message,
    ) || isOutage(error.cause)
  );
}
