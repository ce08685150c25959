import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Node {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}
interface Profile {
  readonly nodes: readonly Node[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const ROOT = path.resolve(import.meta.dirname, '../..');
const ROWS = 25;
const NOT_BUSY = new Set(['(root)', '(idle)', '(program)']);

const [file] = process.argv.slice(2);
if (!file) {
  console.error('node bench/profile/top.ts <file.cpuprofile>: where the CPU went, by package, by our own files, by function');
  process.exit(2);
}
report(JSON.parse(readFileSync(file, 'utf8')) as Profile);

/** `package @apollo/gateway`, `kernel/prisma/commit.ts`, `node`. */
function placeOf({ callFrame: { functionName, url } }: Node): string {
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (url === '' || url.startsWith('node:')) return url === '' ? 'native' : 'node';
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  return name ? `package ${name}` : path.relative(ROOT, url.replace('file://', ''));
}

function report({ nodes, samples, timeDeltas }: Profile): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parent = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const self = new Map<number, number>();
  for (const [at, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + (timeDeltas[at] ?? 0));
  const all = [...self.values()].reduce((sum, time) => sum + time, 0);
  const busy = [...self].filter(([id]) => !NOT_BUSY.has(byId.get(id)?.callFrame.functionName ?? ''));
  const total = busy.reduce((sum, [, time]) => sum + time, 0);
  console.log(`${(total / 1e6).toFixed(1)} s busy of ${(all / 1e6).toFixed(1)} s\n`);

  const places = new Map<string, number>();
  const functions = new Map<string, number>();
  const inclusive = new Map<string, number>();
  const add = (map: Map<string, number>, key: string, time: number) => map.set(key, (map.get(key) ?? 0) + time);
  const named = (node: Node) => `${node.callFrame.functionName || '(anonymous)'}  ${placeOf(node)}:${node.callFrame.lineNumber + 1}`;
  const above = (node: Node) => byId.get(parent.get(node.id) ?? -1);
  const isNodes = (node: Node) => placeOf(node) === 'node' || placeOf(node) === 'native';
  /** Node's own code counts for whoever called it; without a caller it is Node's: sockets, timers, promises. */
  const responsible = (node: Node): Node => {
    for (let up: Node | undefined = node; up; up = above(up)) if (!isNodes(up)) return up.callFrame.functionName === '(root)' ? node : up;
    return node;
  };
  for (const [id, time] of busy) {
    const node = byId.get(id) as Node;
    add(places, placeOf(responsible(node)), time);
    add(functions, named(node), time);
    const seen = new Set<string>();
    for (let up: Node | undefined = node; up; up = byId.get(parent.get(up.id) ?? -1))
      if (/^(kernel|router|subgraphs)\//.test(placeOf(up))) seen.add(named(up));
    for (const name of seen) add(inclusive, name, time);
  }
  print('by package and file, with the code of Node that they call', places, total);
  print('by function (self)', functions, total);
  print('our functions, with all that they call synchronously', inclusive, total);
}

function print(title: string, times: ReadonlyMap<string, number>, total: number): void {
  console.log(title);
  const rows = [...times].toSorted(([, a], [, b]) => b - a).slice(0, ROWS);
  for (const [name, time] of rows) console.log(`  ${((100 * time) / total).toFixed(1).padStart(5)} %  ${name}`);
  console.log();
}
