import { readdirSync, readFileSync } from 'node:fs';
import { getIntrospectionQuery, Kind, parse, separateOperations } from 'graphql';
import { pino } from 'pino';
import { beforeAll, expect, it } from 'vitest';
import { readSupergraph } from '../config.ts';
import { costOf } from '../cost/cost.ts';
import { loadSupergraph, type Supergraph } from '../engine/supergraph.ts';
import { readManifest } from '../manifest.ts';
import { operationsFolder } from '../operation-names.ts';
import { documents } from '../settings/documents.ts';
import { limits } from '../settings/limits.ts';
import { gate } from './gate.ts';
import { safelist } from './safelist.ts';

const log = pino({ level: 'silent' });
const operations = readdirSync(operationsFolder)
  .filter((file) => file.endsWith('.graphql'))
  .flatMap((file) => Object.entries(separateOperations(parse(readFileSync(new URL(file, operationsFolder), 'utf8')))));

let supergraph: Supergraph;
beforeAll(async () => {
  supergraph = await loadSupergraph(readSupergraph(), log);
});

it.each(operations)('%s passes: its limits, its cost with the longest lists, the safelist', (name, document) => {
  const known = safelist(readManifest({ ...documents, safelistMode: 'enforce' }) ?? '');
  const entrance = gate({ ...documents, safelistMode: 'enforce', introspection: 'off' }, limits.documentTokens, known, log);
  expect(entrance.examine(document, name)).toBeUndefined();
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('no operation');
  const cost = costOf(supergraph.costOf(operation, new Map()), { first: 100 });
  expect(cost).toBeLessThan(documents.costLimit / 2);
});

it('what GraphiQL asks passes', () => {
  const entrance = gate(documents, limits.documentTokens, undefined, log);
  const asked = getIntrospectionQuery({
    schemaDescription: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    inputValueDeprecation: true,
  });
  const document = entrance.read(asked);
  expect(entrance.examine(document, undefined)).toBeUndefined();
  expect(entrance.validate(supergraph.schema, document)).toEqual([]);
});
