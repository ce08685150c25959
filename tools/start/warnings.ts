import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

const INTERVAL = 300;
const SEVERITIES: Record<string, string> = { warn: 'warning', error: 'error', fatal: 'fatal', 40: 'warning', 50: 'error', 60: 'fatal' };
const AT_ONCE = 5;

/** Follows a log of JSON lines (pino) and hands on its warnings and errors, shortened; answers what ends it. */
export function followWarnings(name: string, logFile: string, warn: (line: string) => void): () => void {
  let offset = existsSync(logFile) ? statSync(logFile).size : 0;
  let rest = '';
  const look = () => {
    const bytes = readFrom(logFile, offset);
    offset += bytes.length;
    const lines = (rest + bytes.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    const found = lines.map(shortWarning).filter((line) => line !== undefined);
    for (const line of found.slice(0, AT_ONCE)) warn(`${name}: ${line}`);
    if (found.length > AT_ONCE) warn(`${name}: ${found.length - AT_ONCE} more in ${logFile}`);
  };
  const timer = setInterval(look, INTERVAL).unref();
  return () => {
    clearInterval(timer);
    look();
  };
}

/** `{"level":"error","msg":"…","err":{"message":"…"}}` → one line; undefined for what is less than a warning or is no such line. */
export function shortWarning(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { level, msg = '', context, err } = JSON.parse(line) as Record<string, unknown> & { err?: { message?: string } };
    const severity = SEVERITIES[String(level)];
    if (!severity) return undefined;
    const cause = err?.message && err.message !== msg ? `: ${err.message}` : '';
    return `${severity} ${context ? `${String(context)} ` : ''}${String(msg)}${cause}`.slice(0, 200);
  } catch {
    return undefined;
  }
}

function readFrom(file: string, offset: number): Buffer {
  const length = existsSync(file) ? statSync(file).size - offset : 0;
  const buffer = Buffer.alloc(Math.max(0, Math.min(length, 1_000_000)));
  if (buffer.length === 0) return buffer;
  const handle = openSync(file, 'r');
  try {
    return buffer.subarray(0, readSync(handle, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(handle);
  }
}
