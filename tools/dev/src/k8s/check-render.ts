import { readObjects, render } from '@mediai/deploy';
import type { Verdict } from '../checks.ts';
import type { K8sContext } from './context.ts';
import { differences } from './objects.ts';
import { componentSets, overlays, writeWrapper } from './wrap.ts';

/** Every overlay, and production with each component, is the same to the pinned kustomize and to the one in kubectl. */
export async function checkRender({ kubectl, stateDir }: K8sContext): Promise<Verdict> {
  const faults: string[] = [];
  let passed = 0;
  for (const overlay of overlays()) {
    for (const components of overlay === 'production' ? [[], ...componentSets()] : [[]]) {
      const dir = writeWrapper(stateDir, overlay, components);
      const [pinned, theirs] = [await render(dir), readObjects(await kubectl.must(['kustomize', dir]))];
      const found = differences(pinned, theirs);
      faults.push(...found.map((fault) => `${[overlay, ...components].join(' + ')}: ${fault}`));
      passed += pinned.length - found.length;
    }
  }
  return { passed, failed: faults.length, words: faults.join('\n') };
}
