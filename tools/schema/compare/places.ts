import { parse, Source } from 'graphql';
import type { Sdl } from '../../generate/sdl.ts';
import type { Place } from '../finding.ts';
import { coordinates, placeOf } from '../graphql/places.ts';
import type { Base } from '../repository.ts';

/** Where in the SDLs something stands, or stood: then the place is that of what it stood in. */
export function placesIn(sdls: readonly Sdl[], base: Base): (coordinate: string) => Place | undefined {
  const now = sdls.map((sdl) => ({ file: sdl.file, known: coordinates(sdl.document) }));
  const before = new Map<string, ReturnType<typeof coordinates>>();
  const stood = (file: string) => {
    const known = before.get(file) ?? read(base, file);
    before.set(file, known);
    return known;
  };
  return (coordinate) => {
    const here = now.find(({ known }) => known.has(coordinate));
    if (here) return placeOf(here.known.get(coordinate));
    const left = now.find(({ file }) => stood(file).has(coordinate));
    if (!left) return undefined;
    const around = [coordinate.replace(/\(.*/, ''), coordinate.split('.')[0] ?? ''].find((it) => left.known.has(it));
    return (around && placeOf(left.known.get(around))) || { file: left.file };
  };
}

function read(base: Base, file: string): ReturnType<typeof coordinates> {
  try {
    return coordinates(parse(new Source(base.read(file) ?? '', file)));
  } catch {
    return new Map();
  }
}
