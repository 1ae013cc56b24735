export { sqlExecutor } from './connection.ts';
export { appendAudit, appendLectures, auditInsert } from './audit.ts';
export type { AuditEntry, Lecture, Statement } from './audit.ts';
export { claimIdempotence, completeIdempotence, findFirstAnswer, pruneIdempotence } from './idempotence.ts';
export type { FirstAnswer, IdempotenceKey } from './idempotence.ts';
export { poolOptions, transactionOptions } from './pool.ts';
export type { SqlExecutor } from './sql-executor.ts';
export { throwingUnavailable } from './throwing-unavailable.ts';
export { isTransient } from './transient.ts';
