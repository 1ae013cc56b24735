import { pendingType } from '../changesets.ts';
import { callAcross, readAcross } from './adjacency.ts';
import { breakingChanges, currentContracts, releasedContracts, toRegistry } from './contracts.ts';

/**
 * What keeps the contracts of the checkout from standing beside those of the last release, a sentence each. A pending
 * new major of proto may take away what nobody uses any longer; nothing may give a number on the wire another meaning,
 * because during a rollout both versions speak at once.
 */
export async function contractFaults(root: string): Promise<string[]> {
  const isMajor = (await pendingType(root, 'proto')) === 'major';
  const broken = isMajor ? [] : await breakingChanges(root);
  const [previous, next] = [toRegistry(releasedContracts(root)), toRegistry(await currentContracts(root))];
  const findings = [...(await callAcross(previous, next)), ...readAcross(previous, next)].filter(({ kind }) => kind === 'changed' || !isMajor);
  const remedy = broken.length > 0 || findings.some(({ kind }) => kind === 'removed') ? ['An incompatible contract needs a changeset of @mediai/proto that says major; better is a new field, method or v2 beside the old one.'] : [];
  return [...broken, ...findings.map(({ words }) => words), ...remedy];
}
