import { pendingType } from '../changesets.ts';
import { callAcross, readAcross } from './adjacency.ts';
import { breakingChanges, currentContracts, releasedContracts, saySame, toRegistry } from './contracts.ts';

export type ContractVerdict = {
  /** Whether the contracts of the checkout say something else than those of the last release. */
  isAhead: boolean;
  /** What keeps the two from standing beside each other, a sentence each. */
  faults: string[];
};

/**
 * Holds the contracts of the checkout against those of the last release. A pending new major of proto may take away what
 * nobody uses any longer; nothing may give a number on the wire another meaning, because during a rollout both versions
 * speak at once. @throws Error where the contracts do not compile or the last release's are missing
 */
export async function judgeContracts(root: string): Promise<ContractVerdict> {
  const [released, current] = [releasedContracts(root), await currentContracts(root)];
  if (saySame(released, current)) return { isAhead: false, faults: [] };
  const isMajor = (await pendingType(root, 'proto')) === 'major';
  const broken = isMajor ? [] : await breakingChanges(root);
  const [previous, next] = [toRegistry(released), toRegistry(current)];
  const findings = [...(await callAcross(previous, next)), ...readAcross(previous, next)].filter(({ kind }) => kind === 'changed' || !isMajor);
  const remedy = broken.length > 0 || findings.some(({ kind }) => kind === 'removed') ? ['An incompatible contract needs a changeset of @mediai/proto that says major; better is a new field, method or v2 beside the old one.'] : [];
  return { isAhead: true, faults: [...broken, ...findings.map(({ words }) => words), ...remedy] };
}
