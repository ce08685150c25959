import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { Refused } from '../domain/index.ts';
import { Unavailable } from '../resilience/index.ts';
import { presented } from './errors.ts';

const inResolver = (originalError: Error) => new GraphQLError(originalError.message, { originalError, path: ['me', 0] });

test('a refusal keeps its message, code and details', () => {
  expect(presented(inResolver(new Refused('BAD_INPUT', 'quantity: too many', { field: 'quantity', most: 10 })))).toEqual({
    message: 'quantity: too many',
    path: ['me', 0],
    extensions: { code: 'BAD_INPUT', field: 'quantity', most: 10 },
  });
});

test('a detail named code does not hide the code', () => {
  expect(presented(new Refused('NOT_FOUND', 'no', { code: 'OTHER' })).extensions).toEqual({ code: 'NOT_FOUND' });
});

test('an outage is TRY_AGAIN_LATER; which host is out is not told', () => {
  const shown = presented(inResolver(new Unavailable('applications→payments', 'broken', false, 7)));
  expect(shown.extensions).toEqual({ code: 'TRY_AGAIN_LATER', retryAfterSeconds: 7 });
  expect(shown.message).not.toContain('payments');
});

test('a database that is out is TRY_AGAIN_LATER, too', () => {
  const shown = presented(inResolver(Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' })));
  expect(shown.extensions).toEqual({ code: 'TRY_AGAIN_LATER', retryAfterSeconds: 2 });
  expect(shown.message).not.toContain('10.0.0.7');
});

test.each([
  ['an error', new Error('password authentication failed for user "x"')],
  ['a GraphQLError of a resolver', new GraphQLError('SELECT * FROM secrets')],
  ['a GraphQLError with a code of its own', new GraphQLError('boom', { extensions: { code: 'WHATEVER', sql: 'SELECT' } })],
])('%s is masked', (_, error) => {
  expect(presented(inResolver(error))).toEqual({
    message: 'Internal error',
    path: ['me', 0],
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  });
});

test('what is no error at all is masked, too', () => {
  expect(presented('SELECT 1')).toEqual({ message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } });
});

test('the client is told its own mistakes', () => {
  const mistake = new GraphQLError('Cannot query field "x".', { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', exception: 'x' } });
  expect(presented(mistake)).toEqual({ message: 'Cannot query field "x".', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
});
