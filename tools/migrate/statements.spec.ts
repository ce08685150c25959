import { describe, expect, test } from 'vitest';
import { failedStatement, isOneTransaction, statementsOf } from './statements.ts';

const script = `-- a table; nothing else
CREATE TABLE "a;b" (x text DEFAULT 'it''s; fine');

/* a function; */
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$
BEGIN
  RETURN 1; -- with $$ inside
END $body$;
SELECT 1
`;

describe('statements of a script', () => {
  test('end at semicolons outside of comments, strings, names and dollar quotes', () => {
    expect(statementsOf(script).map(({ line, text }) => [line, text.split('\n')[0]])).toEqual([
      [2, `CREATE TABLE "a;b" (x text DEFAULT 'it''s; fine')`],
      [5, 'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$'],
      [9, 'SELECT 1'],
    ]);
  });

  test('a failed one is found by the position that the server reports', () => {
    expect(failedStatement(script, script.indexOf('RETURN 1'), 0)?.line).toBe(5);
  });

  test('a failed one is found by the number of those that were completed', () => {
    expect(failedStatement(script, undefined, 2)?.text).toBe('SELECT 1');
  });

  test('a script is one transaction unless it has transactions of its own', () => {
    expect(isOneTransaction(script)).toBe(true);
    expect(isOneTransaction('BEGIN; SELECT 1; COMMIT')).toBe(false);
    expect(isOneTransaction('CREATE INDEX CONCURRENTLY i ON t (x)')).toBe(false);
  });
});
