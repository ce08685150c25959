import pg from 'pg';
import { expect, test } from 'vitest';
import { Refused } from '../domain/index.ts';
import { VersionConflict } from '../prisma/index.ts';
import { Unavailable } from '../resilience/index.ts';
import { isOutage } from './outage.ts';

const coded = (code: string, message = 'no') => Object.assign(new Error(message), { code });
const fromDatabase = (code: string) => Object.assign(new pg.DatabaseError('no', 2, 'error'), { code });
const fromPrisma = (originalCode: string) =>
  Object.assign(coded('P2039', 'Database error'), {
    meta: { driverAdapterError: { name: 'DriverAdapterError', cause: { originalCode, kind: 'postgres' } } },
  });

test.each([
  ['a database that starts up', fromDatabase('57P03')],
  ['a database that starts up, by Prisma', fromPrisma('57P03')],
  ['a database that was killed, by Prisma', fromPrisma('57P01')],
  ['a database that cannot be reached, by Prisma', coded('P1001')],
  ['a port that nobody listens on', coded('ECONNREFUSED')],
  ['a connection that was lost', new Error('Connection terminated unexpectedly')],
  ['what has one beneath', new Error('no', { cause: coded('ECONNRESET') })],
  ['a callee that gives no answer', new Unavailable('one→other', 'timeout', true, 1)],
  ['a row that everybody writes', new VersionConflict()],
])('%s is out', (_, error) => expect(isOutage(error)).toBe(true));

test.each([
  ['a refusal', new Refused('NOT_FOUND', 'no')],
  ['a mistake of ours', new TypeError('x is not a function')],
  ['a row that breaks a rule', fromDatabase('23514')],
  ['a row that breaks a rule, by Prisma', fromPrisma('23514')],
  ['no error at all', 'ECONNREFUSED'],
])('%s is not', (_, error) => expect(isOutage(error)).toBe(false));
