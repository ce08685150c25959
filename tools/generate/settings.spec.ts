import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { settingShape } from '../../router/config.ts';
import { root } from '../workspace.ts';
import { SETTINGS_DOCUMENT, settingsText, withSettings } from './settings.ts';

const document = readFileSync(path.join(root, SETTINGS_DOCUMENT), 'utf8');

test('docs/router.md has every setting as it is; npm run generate brings it up to date', () => {
  expect(document).toBe(withSettings(document));
});

test('every setting is there once, with default, unit and what it is', () => {
  const text = settingsText();
  for (const name of Object.keys(settingShape)) expect(text.split(`| \`${name}\` |`), name).toHaveLength(2);
  expect(text).toContain('| `ROUTER_BODY_BYTES` | `1048576` | bytes | Size of a request body (HTTP) or message (WebSocket). |');
  expect(text).toContain('| `INTERNAL_SECRET` | **required** |  | Signs the internal tokens; at least 32 bytes. |');
  expect(text).toMatch(/`ROUTER_SUPERGRAPH` \| `file` \|.*One of `file`, `kv`\. \|/);
  expect(text).toMatch(/`ROUTER_SUPERGRAPH_POLL_MS` \| `5000` \| ms \|.*At least 100\. \|/);
  expect(text).toMatch(/`ROUTER_SUPERGRAPH_STRICT` \| `false` \|.*`true`, `false`\. \|/);
});

test('a document without a place for them is told', () => {
  expect(() => withSettings('# Router')).toThrow('has no place for the settings');
});
