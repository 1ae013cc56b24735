export { createLeaseWorker } from './lease-worker.ts';
export type { Lease, LeaseWorker, LeaseWorkerOptions } from './lease-worker.ts';
export { createTimer } from './timer.ts';
export type { Timer } from './timer.ts';
