export { createLogger } from './create-logger.ts';
export type { Logger, LoggerOptions } from './create-logger.ts';
export { describeError } from './fields.ts';
export type { LoggedError } from './fields.ts';
