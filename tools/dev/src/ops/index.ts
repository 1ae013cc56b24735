import type { Verdict } from '../checks.ts';
import { checkAlerts } from './alerts.ts';
import { checkBackup } from './backup.ts';
import type { OpsContext } from './context.ts';
import { checkImages } from './images.ts';
import { checkPrometheus } from './prometheus.ts';

/** The checks of `npm run test:ops`, by name, in their order. */
export const opsChecks: Record<string, (context: OpsContext) => Promise<Verdict>> = {
  backup: checkBackup,
  images: checkImages,
  prometheus: checkPrometheus,
  alerts: checkAlerts,
};
