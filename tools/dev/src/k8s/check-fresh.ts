import type { Verdict } from '../checks.ts';
import { mustApply, throwAwaySecrets, untilMigrated, untilRolledOut } from './apply.ts';
import type { K8sContext } from './context.ts';
import { inNamespace } from './objects.ts';

/** One apply into an empty, restricted namespace: every migration completes and every rollout reaches ready. */
export async function checkFresh(context: K8sContext, namespace: string): Promise<Verdict> {
  const objects = inNamespace(context.production, namespace);
  await mustApply(context.kubectl, throwAwaySecrets(objects), { namespace });
  await mustApply(context.kubectl, objects, { namespace });
  const migrated = await untilMigrated(context, objects, namespace);
  const ready = await untilRolledOut(context, objects, namespace);
  return { passed: 1 + migrated.length + ready.length, failed: 0, words: '' };
}
