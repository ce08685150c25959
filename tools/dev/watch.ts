import { existsSync, watch } from 'node:fs';
import path from 'node:path';

const WATCHED = ['kernel', 'router', 'subgraphs', 'schema/subgraphs', 'prisma'];
/** An editor writes several files at once, and some of them twice. */
const CALM = 150;

/** Calls `changed` with the paths (in the repository) of what was changed together; answers what ends it. */
export function watchSources(root: string, changed: (files: string[]) => void): () => void {
  const files = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    const together = [...files];
    files.clear();
    changed(together);
  };
  const watchers = WATCHED.filter((folder) => existsSync(path.join(root, folder))).map((folder) =>
    watch(path.join(root, folder), { recursive: true }, (_event, file) => {
      if (file === null) return;
      files.add(path.posix.join(folder, file.replaceAll(path.sep, '/')));
      clearTimeout(timer);
      timer = setTimeout(flush, CALM);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
