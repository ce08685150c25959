import { type DestinationStream, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';
import { redacted } from './redact.ts';

export interface LoggerOptions {
  /** The context's name (or `router`); every line has it as `context`. */
  readonly name: string;
  /** A pino level: `trace`, `debug`, `info`, `warn`, `error`, `fatal`, `silent`. */
  readonly level: string;
  /** Where the lines go; stdout when left out. */
  readonly destination?: DestinationStream;
}

const serializedError = (error: Error): object => redacted({ ...stdSerializers.err(error) }) as object;

/**
 * A pino logger: JSON lines with `level` as a word, `time` in ISO, `pid` and `context`. Properties whose name tells a secret (`authorization`, `password`,
 * `number`, `token`, `secret`, …) are censored at any depth, also in the properties of errors. Texts and the
 * bindings of child loggers are not looked into.
 */
export function createLogger({ name, level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { pid: process.pid, context: name },
    timestamp: stdTimeFunctions.isoTime,
    serializers: { err: serializedError, error: serializedError },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (line: object) => redacted(line) as Record<string, unknown>,
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
