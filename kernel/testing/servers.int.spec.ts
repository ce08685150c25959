import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { startOwnNats, startOwnPostgres, testDatabase, testPrefix, testServers } from './servers.ts';

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the shared servers', () => {
  test('a test database has the kernel tables, is nobody else’s and can be dropped while it is used', async () => {
    const [one, other] = await Promise.all([testDatabase('kernel'), testDatabase('kernel')]);
    await query(one.url, `INSERT INTO kernel.idempotency (scope, key, input_hash, result) VALUES ('s', 'k', 'h', 'r')`);
    expect(await query(one.url, 'SELECT key FROM kernel.idempotency')).toEqual([{ key: 'k' }]);
    expect(await query(other.url, 'SELECT key FROM kernel.idempotency')).toEqual([]);

    const busy = new pg.Client({ connectionString: one.url });
    busy.on('error', () => {});
    await busy.connect();
    await Promise.all([one.drop(), other.drop()]);
    await expect(query(one.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });

  test('NATS has JetStream', async () => {
    const connection = await connect({ servers: testServers().natsUrl });
    expect(connection.info?.jetstream).toBe(true);
    await connection.close();
  });

  test('prefixes differ and suit subjects, streams and databases', () => {
    expect(testPrefix()).toMatch(/^t[0-9a-f]{12}$/);
    expect(testPrefix()).not.toBe(testPrefix());
  });
});

describe('a server of one’s own', () => {
  test('PostgreSQL keeps what was committed when it is killed', async () => {
    const server = await startOwnPostgres();
    try {
      await query(server.url, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)');
      await server.kill();
      await expect(query(server.url, 'SELECT 1')).rejects.toThrow();
      await server.start();
      expect(await query(server.url, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
    } finally {
      await server.remove();
    }
  });

  test('nats-server comes back at the same address', async () => {
    const server = await startOwnNats();
    try {
      await server.kill();
      await server.start();
      const connection = await connect({ servers: server.url });
      expect(connection.info?.jetstream).toBe(true);
      await connection.close();
    } finally {
      await server.remove();
    }
  });
});
