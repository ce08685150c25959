import { expect, test } from 'vitest';
import { shortWarning } from './warnings.ts';

test('warnings and errors become one short line', () => {
  expect(shortWarning('{"level":"warn","msg":"nats is away"}')).toBe('warning nats is away');
  expect(shortWarning('{"level":50,"context":"payments","msg":"the relay failed","err":{"message":"ECONNRESET"}}')).toBe(
    'error payments the relay failed: ECONNRESET',
  );
});

test('everything else is left to the log', () => {
  expect(shortWarning('{"level":"info","msg":"listening"}')).toBeUndefined();
  expect(shortWarning('{"level":50,')).toBeUndefined();
  expect(shortWarning('plain text')).toBeUndefined();
});
