import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { programEnvironment } from './programs.ts';
import { settingsOf } from './settings.ts';

test('the router shows itself to who starts it here, unless it is told not to', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'madang-programs-spec-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const environment = programEnvironment(settingsOf({ dataDir }), { ROUTER_GRAPHIQL: 'off' }, new Map());
  expect(environment).toMatchObject({
    NODE_ENV: 'production',
    ROUTER_GRAPHIQL: 'off',
    ROUTER_INTROSPECTION: 'on',
    ROUTER_SUGGESTIONS: 'on',
  });
});
