import type { CheckContext } from '../checks.ts';
import type { Steps } from '../steps.ts';

/** What a check of `npm run test:ops` is given. */
export type OpsContext = CheckContext & {
  /** A directory of the check's own, empty when it begins. */
  stateDir: string;
  steps: Steps;
};
