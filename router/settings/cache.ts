import { defaultsOf, flag, type Settings, whole } from './setting.ts';

/** What is kept of subgraphs' answers. */
export const cacheShape = {
  cache: flag(
    true,
    "Whether what subgraphs' SDLs allow with `@cacheControl` is kept and answered again; `cache-control` is told to clients either way.",
  ),
  cacheBytes: whole(64 * 1024 * 1024, 'bytes', 'Memory for it, per router; what was used least recently makes room.'),
};

export type CacheSettings = Settings<typeof cacheShape>;

/** Where nothing is set. */
export const cacheSettings: CacheSettings = defaultsOf(cacheShape);
