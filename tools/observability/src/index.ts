export { listExpressions } from './check/expressions.ts';
export type { Expression } from './check/expressions.ts';
export { loadGroups } from './check/load.ts';
