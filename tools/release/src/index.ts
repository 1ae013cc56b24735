export { writeArtefacts } from './artefacts.ts';
export { judgeContracts } from './contracts/contract-faults.ts';
export { release } from './release.ts';
export type { Outcome, ReleaseOptions } from './release.ts';
export { isUnit, units } from './repository.ts';
export type { Unit } from './repository.ts';
