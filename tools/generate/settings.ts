import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { tracingVariables } from '@madang/kernel/observability';
import { z } from 'zod';
import { parts } from '../../router/config.ts';
import { serverShape } from '../../router/settings/server.ts';
import { type About, type Shape, variablesOf } from '../../router/settings/setting.ts';
import { ownTrafficShape } from '../../router/settings/traffic.ts';
import { root } from '../workspace.ts';

export const SETTINGS_DOCUMENT = 'docs/router.md';

const START = '<!-- settings: npm run generate -->';
const END = '<!-- /settings -->';

const words = (values: readonly unknown[]): string => values.map((value) => `\`${String(value)}\``).join(', ');

function defaultOf(type: z.ZodType): string {
  const parsed = type.safeParse(undefined);
  if (!parsed.success) return '**required**';
  const value: unknown = parsed.data;
  if (value === undefined) return 'none';
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return text === '' ? 'empty' : `\`${text}\``;
}

/** What is allowed, as far as it is not plain from the default. */
function allowed(type: z.ZodType): string {
  const { enum: values, minimum, maximum, type: kind } = z.toJSONSchema(type, { io: 'output', unrepresentable: 'any' });
  if (values) return ` One of ${words(values)}.`;
  if (kind === 'boolean') return ` ${words(['true', 'false'])}.`;
  const least = minimum !== undefined && minimum > 0 ? [`at least ${minimum}`] : [];
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? [`at most ${maximum}`] : [];
  const range = [...least, ...most].join(', ');
  return range === '' ? '' : ` ${range.charAt(0).toUpperCase()}${range.slice(1)}.`;
}

function row([name, type]: [string, z.ZodType]): string {
  const { unit = '', description = '' } = (type.meta() ?? {}) as Partial<About>;
  return `| \`${name}\` | ${defaultOf(type)} | ${unit} | ${`${description}${allowed(type)}`.replaceAll('|', '\\|')} |`;
}

const tableOf = (shape: Shape): string =>
  ['| variable | default | unit | what it is |', '|---|---|---|---|', ...Object.entries(shape).map(row)].join('\n');

/** What a part's file says of it. */
function introduction(part: string): string {
  const file = path.join(root, `router/settings/${part}.ts`);
  const [, text = ''] =
    (existsSync(file) && /\/\*\*((?:(?!\*\/).)*)\*\/\s*export const \w+Shape\b/s.exec(readFileSync(file, 'utf8'))) || [];
  return text.replaceAll(/\s*\n\s*\*\s*/g, ' ').trim();
}

const section = (part: string, shape: Shape): string =>
  [`### ${part.charAt(0).toUpperCase()}${part.slice(1)}`, introduction(part), tableOf(shape)].filter((text) => text !== '').join('\n\n');

/** Every setting of the router, part by part, as Markdown. */
export const settingsText = (): string =>
  [
    section('server', serverShape),
    ...Object.entries(parts).map(([part, shape]) => section(part, variablesOf(shape))),
    `### Traffic of one subgraph\n\nThe same for one of them: \`ROUTER_PAYMENT_METHODS_TIMEOUT_MS\`.\n\n${tableOf(ownTrafficShape('<SUBGRAPH>'))}`,
    `### Traces\n\nThe variables of OpenTelemetry that are read, [explained](observability.md): ${words(tracingVariables)}.`,
  ].join('\n\n');

/** The document with the settings as they are now. @throws Error when it has no place for them */
export function withSettings(document: string): string {
  const start = document.indexOf(START);
  const end = document.indexOf(END);
  if (start < 0 || end < start)
    throw new Error(`${SETTINGS_DOCUMENT} has no place for the settings: put "${START}" and "${END}" where they are to be`);
  return `${document.slice(0, start + START.length)}\n${settingsText()}\n${document.slice(end)}`;
}
