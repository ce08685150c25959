export * from './collect-garbage.ts';
export * from './logger.ts';
export * from './metrics.ts';
export * from './open-tracer.ts';
export * from './redact.ts';
export * from './shared-read.ts';
export * from './tracing.ts';
export * from './trail.ts';
