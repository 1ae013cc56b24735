import { AnalyseCompletedSchema, AnalyseFailedSchema } from '@mediai/contracts/ia/v1/events';
import { on } from '@mediai/events';
import type { createTakeAnalyse } from './take-analyse.ts';

/** The end of an analysis -> its fiche. */
export function createAnalyseHandlers(takeAnalyse: ReturnType<typeof createTakeAnalyse>) {
  return Object.fromEntries([
    on(AnalyseCompletedSchema, ({ analyseId, ficheId, ficheVersion, taskId }, { eventId }) => takeAnalyse({ eventId, analyseId, ficheId, ficheVersion, taskId, echec: null })),
    on(AnalyseFailedSchema, ({ analyseId, ficheId, ficheVersion, taskId, code }, { eventId }) => takeAnalyse({ eventId, analyseId, ficheId, ficheVersion, taskId, echec: code || 'analyse.echec' })),
  ]);
}
