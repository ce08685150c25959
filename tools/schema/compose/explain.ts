import type { ASTNode, GraphQLError } from 'graphql';
import type { Sdl } from '../../generate/sdl.ts';
import type { Finding } from '../finding.ts';
import { coordinateOf, coordinates, placeOf } from '../graphql/places.ts';
import { MENDS, OTHER_MEND } from './mends.ts';
import { unreachable } from './unreachable.ts';

/** What composition complains of, with its place: where composition does not say it, the names in its message do. */
export function explain(error: GraphQLError, sdls: readonly Sdl[]): Finding {
  const code = typeof error.extensions.code === 'string' ? error.extensions.code : 'INVALID_GRAPHQL';
  const nodes = (error.nodes ?? []).filter(({ loc }) => loc);
  const spots = nodes.length > 0 ? nodes.flatMap((node) => spotOf(node, sdls)) : spotsIn(error.message, sdls);
  const [first] = spots;
  const contexts = [...new Set(spots.map(({ sdl }) => sdl.context))];
  const at = first && (placeOf(first.node) ?? { file: first.sdl.file });
  return {
    check: 'compose',
    rule: code.toLowerCase().replaceAll('_', '-'),
    severity: 'error',
    message: error.message,
    mend: MENDS[code] ?? OTHER_MEND,
    ...unreachable(error.message),
    ...(first && { for: [first.coordinate, contexts.length > 0 && `in ${contexts.join(' and ')}`].filter(Boolean).join(' ') }),
    ...(at && { at }),
  };
}

interface Spot {
  readonly sdl: Sdl;
  readonly node?: ASTNode | undefined;
  readonly coordinate?: string | undefined;
}

function spotOf(node: ASTNode, sdls: readonly Sdl[]): Spot[] {
  const sdl = sdls.find(({ file }) => file === node.loc?.source.name);
  return sdl ? [{ sdl, node, coordinate: coordinateOf(sdl.document, node) }] : [];
}

/** `[orders] …` or `… subgraph "orders"`, `"Payment.note"` or `Field note already exists on Payment`. */
function spotsIn(message: string, sdls: readonly Sdl[]): Spot[] {
  const names = new Set([...message.matchAll(/\[([\w-]+)\]|subgraph "([\w-]+)"/g)].map(([, bracket, word]) => bracket ?? word));
  const named = sdls.filter(({ context }) => names.has(context));
  const [, field, type] = /Field (\w+) already exists on (\w+)/.exec(message) ?? [];
  const [, quoted] = /(?:field|argument|Type|type) "([\w.]+)"/.exec(message) ?? [];
  const coordinate = field ? `${type}.${field}` : quoted;
  const spots = named.map((sdl) => ({ sdl, coordinate, node: coordinate ? coordinates(sdl.document).get(coordinate) : undefined }));
  return spots.sort((a, b) => Number(b.node !== undefined) - Number(a.node !== undefined));
}
