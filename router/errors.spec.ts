import { expect, it } from 'vitest';
import { isFault, present } from './errors.ts';

const from = (code: string | undefined, more: object = {}) => ({
  message: 'm',
  path: ['a', 0],
  extensions: { ...(code ? { code } : {}), ...more },
});
const masked = { message: 'Internal error', path: ['a', 0], extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId: 'c' } };

it('lets a refusal through with its details, without what is ours', () => {
  const error = {
    ...from('NOT_CANCELLABLE', { serviceName: 'applications', stacktrace: ['x'], status: 'REJECTED' }),
    locations: [{ line: 1, column: 2 }],
  };
  expect(present(error, 'c')).toEqual({ message: 'm', path: ['a', 0], extensions: { code: 'NOT_CANCELLABLE', status: 'REJECTED' } });
});

it("keeps the locations of what is wrong with the client's own document", () => {
  const locations = [{ line: 1, column: 2 }];
  expect(present({ message: 'm', locations, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }, 'c').locations).toBe(locations);
});

it.each([
  ['INTERNAL_SERVER_ERROR', {}],
  ['DOWNSTREAM_SERVICE_ERROR', { serviceName: 'payments' }],
  ['GRAPHQL_VALIDATION_FAILED', { serviceName: 'payments' }],
  ['BAD_REQUEST', { serviceName: 'payments' }],
  [undefined, { serviceName: 'payments' }],
])('masks %s %o', (code, more) => {
  expect(present(from(code, more), 'c')).toEqual(masked);
});

it('tells a bad variable of the client from one of ours', () => {
  const bad = { ...from('BAD_USER_INPUT', { serviceName: 'payments' }), message: 'Variable "$at" got invalid value' };
  expect(isFault(bad)).toBe(false);
  expect(isFault({ ...bad, message: 'Variable "$representations" got invalid value' })).toBe(true);
});
