export { grpcPort, httpPort, internalPort } from './configuration.ts';
export { readObjects, render, renderText } from './render.ts';
export type { KubeObject } from './render.ts';
export { migrationJob, peersOf, readServices } from './services.ts';
export type { Service } from './services.ts';
