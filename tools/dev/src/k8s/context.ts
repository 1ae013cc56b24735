import type { KubeObject } from '@mediai/deploy';
import type { Env } from '../paths.ts';
import type { Steps } from '../steps.ts';
import type { Cluster, Kubectl } from './kubectl.ts';

/** What every check against a cluster is given. */
export type K8sContext = {
  kubectl: Kubectl;
  cluster: Cluster;
  env: Env;
  steps: Steps;
  /** A directory of this run's own. */
  stateDir: string;
  /** The rendered `production`, as it stands in the working tree. */
  production: KubeObject[];
  /** What must be undone at the end. */
  onEnd(undo: () => Promise<void>): void;
  /** How long a rollout or a migration may take. */
  timeoutSeconds: number;
};
