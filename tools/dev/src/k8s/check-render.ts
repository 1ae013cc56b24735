import { readObjects, render } from '@mediai/deploy';
import type { Verdict } from '../checks.ts';
import type { K8sContext } from './context.ts';
import { differences } from './objects.ts';
import { combinations, titleOf, writeWrapper } from './wrap.ts';

/** Every overlay, with and without components, is the same to the pinned kustomize and to the one in kubectl. */
export async function checkRender({ kubectl, stateDir }: K8sContext): Promise<Verdict> {
  const faults: string[] = [];
  let passed = 0;
  for (const combination of combinations()) {
    const dir = writeWrapper(stateDir, combination);
    const [pinned, theirs] = await Promise.all([render(dir), kubectl.must(['kustomize', dir]).then(readObjects)]);
    const found = differences(pinned, theirs);
    faults.push(...found.map((fault) => `${titleOf(combination)}: ${fault}`));
    passed += pinned.length - found.length;
  }
  return { passed, failed: faults.length, words: faults.join('\n') };
}
