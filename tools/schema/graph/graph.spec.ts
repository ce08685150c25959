import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkEvents } from '../events/check.ts';
import { Repository } from '../repository.ts';
import { RepositoryCopy, told } from '../testing/repository-copy.ts';
import { eventEdges, graphModel } from './model.ts';
import { graphFiles, PICTURE } from './write.ts';

const event = (context: string, name: string) => `import { defineEvent } from '@madang/kernel/domain';
import { z } from 'zod';
/** It happened. */
export const ${name} = defineEvent({ context: '${context}', aggregate: 'thing', name: '${name}', version: 1, key: (data) => data.id, payload: z.object({ id: z.string() }), examples: [{ id: 'a' }] });
`;

let copy: RepositoryCopy;
beforeAll(() => {
  copy = new RepositoryCopy()
    .put('subgraphs/orders/events.ts', event('orders', 'OrderPlaced'))
    .put(
      'subgraphs/orders/decide.ts',
      `import { OrderPlaced } from './events.ts';\nexport const place = () => [OrderPlaced({ id: 'a' })];\n`,
    )
    .put('subgraphs/orders/resolvers.ts', `import { OrderPlaced } from './events.ts';\nexport const changes = [OrderPlaced] as const;\n`)
    .put(
      'subgraphs/orders/subgraph.ts',
      `import './decide.ts';\nimport './resolvers.ts';\ndefineContext({ name: 'orders', calls: ['stock'] });\n`,
    )
    .put('subgraphs/stock/events.ts', event('stock', 'StockReserved'))
    .put(
      'subgraphs/stock/policies/reserve-when-order-placed.ts',
      `import { OrderPlaced } from '@madang/orders/events';\nexport const it = policy('reserve', OrderPlaced, (e) => e);\n`,
    )
    .put(
      'subgraphs/stock/policies/look-when-order-placed.ts',
      `import type { OrderPlaced } from '@madang/orders/events';\nexport type It = typeof OrderPlaced;\n`,
    )
    .put(
      'subgraphs/stock/subgraph.ts',
      `import { it } from './policies/reserve-when-order-placed.ts';\nimport './policies/look-when-order-placed.ts';\ndefineContext({ name: 'stock', reactions: [react(it)] });\n`,
    )
    .put('docs/architecture.md', '# Architecture\n\n<!-- graph: npm run schema:graph -->\n<!-- /graph -->\n')
    .install('zod')
    .commit();
});
afterEach(() => void copy.restore());
afterAll(() => copy.remove());

const model = () => graphModel(new Repository(copy.root));
async function draw(): Promise<void> {
  for (const [file, text] of await graphFiles(new Repository(copy.root))) copy.put(file, text);
}
const verdict = async () => (await copy.check(checkEvents)).map(told).filter((it) => it.includes('graph-outdated'));

test('contexts, events, who listens, what clients see and who calls whom are read from the code', async () => {
  expect(await model()).toEqual([
    { name: 'orders', calls: ['stock'], events: [{ name: 'OrderPlaced', listeners: ['stock'], pushed: true }] },
    { name: 'stock', calls: [], events: [{ name: 'StockReserved', listeners: [], pushed: false }] },
  ]);
  expect(eventEdges(await model())).toEqual([{ from: 'orders', to: 'stock', events: ['OrderPlaced'] }]);
});

test('who only knows the type of an event does not listen to it, and a policy that nobody wires neither', async () => {
  copy.replace('subgraphs/stock/subgraph.ts', `import { it } from './policies/reserve-when-order-placed.ts';\n`, '');
  expect(eventEdges(await model())).toEqual([]);
});

test('the drawing is up to date until the code changes', async () => {
  expect(await verdict()).toHaveLength(1);
  await draw();
  expect(await verdict()).toEqual([]);
  copy.replace('subgraphs/orders/subgraph.ts', `calls: ['stock']`, 'calls: []');
  expect(await verdict()).toEqual([
    'error graph-outdated: the picture of the contexts does not show what the code says: docs/contexts.svg, docs/architecture.md (docs/contexts.svg)',
  ]);
});

test('the picture names every context and event, and is the same each time', async () => {
  const first = (await graphFiles(new Repository(copy.root))).get(PICTURE);
  for (const name of ['orders', 'stock', 'OrderPlaced', 'StockReserved', 'stock listens to orders', 'orders calls stock'])
    expect(first).toContain(name);
  expect((await graphFiles(new Repository(copy.root))).get(PICTURE)).toBe(first);
});
