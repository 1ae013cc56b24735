export { runUntilSignal } from './run-until-signal.ts';
export type { ShutdownOptions } from './run-until-signal.ts';
