import { createRequire } from 'node:module';
import type { ELK, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import { eventEdges, type GraphContext } from './model.ts';

// CommonJS, whose class the types do not know as one.
const Elk = createRequire(import.meta.url)('elkjs/lib/elk.bundled.js') as new () => ELK;

export const HEADER = 30;
export const ROW = 20;
export const DOT = 12;
const PADDING = 14;
/** Of the fonts that a viewer may have, in the sizes that are drawn; rather too wide. */
const LETTER = 6.9;
const TITLE_LETTER = 8.6;

/** A box in its place. */
export interface Box {
  readonly context: GraphContext;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A way from one box to another, through its corners. */
export interface Line {
  readonly kind: 'events' | 'call';
  readonly from: string;
  readonly to: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

/** Lays the graph out in layers, from those who publish to those who only listen. */
export async function layout(contexts: readonly GraphContext[]): Promise<Layout> {
  const lines = [
    ...eventEdges(contexts).map(({ from, to }) => ({ kind: 'events' as const, from, to })),
    ...contexts.flatMap(({ name, calls }) => calls.map((to) => ({ kind: 'call' as const, from: name, to }))),
  ];
  const graph: ElkNode = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.spacing.nodeNode': '36',
      'elk.spacing.edgeNode': '18',
      'elk.spacing.edgeEdge': '9',
      'elk.layered.spacing.nodeNodeBetweenLayers': '50',
      'elk.layered.spacing.edgeNodeBetweenLayers': '18',
      'elk.layered.spacing.edgeEdgeBetweenLayers': '9',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.nodePlacement.favorStraightEdges': 'true',
      'elk.layered.crossingMinimization.thoroughness': '100',
      'elk.layered.considerModelOrder.strategy': 'NONE',
      'elk.padding': '[top=20,left=20,bottom=20,right=20]',
    },
    children: contexts.map((context) => ({ id: context.name, ...sizeOf(context) })),
    edges: lines.map(({ from, to }, index) => ({ id: String(index), sources: [from], targets: [to] })),
  };
  const laid = await new Elk().layout(graph);
  const boxes = (laid.children ?? []).map(({ id, x = 0, y = 0, width = 0, height = 0 }) => {
    const context = contexts.find(({ name }) => name === id) as GraphContext;
    return { context, x, y, width, height };
  });
  const byId = new Map((laid.edges ?? []).map((edge) => [edge.id, edge]));
  return {
    width: laid.width ?? 0,
    height: laid.height ?? 0,
    boxes,
    lines: lines.map((line, index) => ({ ...line, points: pointsOf(byId.get(String(index))) })),
  };
}

function pointsOf(edge: ElkExtendedEdge | undefined): Line['points'] {
  return (edge?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]);
}

function sizeOf({ name, events }: GraphContext): { width: number; height: number } {
  const rows = events.map((event) => event.name.length * LETTER + (event.listeners.length + 1) * DOT + 16);
  return {
    width: Math.ceil(Math.max(name.length * TITLE_LETTER, ...rows) + 2 * PADDING),
    height: HEADER + Math.max(1, events.length) * ROW + 8,
  };
}
