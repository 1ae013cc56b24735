import type { Verdict } from '../checks.ts';
import type { OpsContext } from './context.ts';
import { checkBackup } from './backup.ts';

/** The checks of `npm run test:ops`, by name, in their order. */
export const opsChecks: Record<string, (context: OpsContext) => Promise<Verdict>> = {
  backup: checkBackup,
};
