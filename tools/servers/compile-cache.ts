import path from 'node:path';

/** Where the processes that tests start keep what they have compiled: half of a start is compiling. */
export const COMPILE_CACHE = path.join(import.meta.dirname, '../../.madang/compile-cache');
