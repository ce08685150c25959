import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Source } from './source.ts';

/** Reads until two readings, `settleMs` apart, are the same. Undefined when it is not there, or empty, for as long. */
async function settled(file: string, settleMs: number): Promise<string | undefined> {
  const now = async (): Promise<string | undefined> => {
    try {
      return (await readFile(file, 'utf8')) || undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
  for (let before = await now(); ; ) {
    await pause(settleMs);
    const after = await now();
    if (after === before) return after;
    before = after;
  }
}

/**
 * A supergraph in a file. Its folder is watched, as editors and deployments put another file in its place (also by a symbolic link); where a
 * file system tells nothing, the looks of `follow` find it.
 */
export function fileSource(file: string, settleMs: number): Source {
  let last: string | undefined;
  let watcher: FSWatcher | undefined;
  return {
    async read() {
      const now = await readFile(file, 'utf8').catch(() => undefined);
      const text = now !== undefined && now === last ? now : await settled(file, settleMs);
      last = text;
      return text === undefined ? undefined : { supergraphSdl: text, source: 'file' };
    },
    watch(changed) {
      try {
        watcher = watch(path.dirname(file), { persistent: false }, changed);
        watcher.on('error', () => watcher?.close());
      } catch {
        // Not there, or no more watches to be had.
      }
    },
    close: () => watcher?.close(),
  };
}
