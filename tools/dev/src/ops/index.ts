import type { Verdict } from '../checks.ts';
import type { OpsContext } from '../test-ops.ts';
import { checkImages } from './images.ts';

/** The checks of `npm run test:ops`, by name, in their order. */
export const opsChecks: Record<string, (context: OpsContext) => Promise<Verdict>> = {
  images: checkImages,
};
