export { fixedClock } from './fixed-clock.ts';
export type { FixedClock } from './fixed-clock.ts';
export { testPart, testParts } from './parts.ts';
export type { TestParts } from './parts.ts';
export { createTestDatabase } from './test-database.ts';
export type { TestDatabase } from './test-database.ts';
export * from './fiches/index.ts';
export { multiplyRow } from './multiply-row.ts';
