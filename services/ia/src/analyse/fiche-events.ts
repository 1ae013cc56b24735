import type { FicheState } from '@mediai/contracts/consultation/v1/events';
import { AnalyseRequestedSchema, FicheAnalysedSchema, FicheCreatedSchema, FicheDeletedSchema, FicheEditedSchema, FicheImportedSchema, FicheRejectedSchema, FicheRestoredSchema, FicheUpdatedSchema, FicheValidatedSchema } from '@mediai/contracts/consultation/v1/events';
import { on, type EventHandler, type EventMeta } from '@mediai/events';
import type { EvenementFiche } from './analyse.ts';

/** Handlers of mediai.consultation.fiche.v1: message -> use case. */
export function ficheEvents(takeEvent: (event: EvenementFiche) => Promise<void>): Record<string, EventHandler> {
  const take = async (message: { fiche?: FicheState; taskId?: string }, meta: EventMeta, importee = false): Promise<void> => {
    if (!message.fiche) throw new TypeError('an event of a fiche without its state');
    const { $typeName: _name, $unknown: _unknown, ...fiche } = message.fiche;
    await takeEvent({ eventId: meta.eventId, fiche, taskId: message.taskId || undefined, traceparent: meta.traceparent, importee });
  };
  return Object.fromEntries([
    on(FicheCreatedSchema, (m, meta) => take(m, meta)), on(FicheUpdatedSchema, (m, meta) => take(m, meta)), on(AnalyseRequestedSchema, (m, meta) => take(m, meta)),
    on(FicheAnalysedSchema, (m, meta) => take({ fiche: m.fiche }, meta)), on(FicheEditedSchema, (m, meta) => take({ fiche: m.fiche }, meta)),
    on(FicheValidatedSchema, (m, meta) => take({ fiche: m.fiche }, meta)), on(FicheRejectedSchema, (m, meta) => take({ fiche: m.fiche }, meta)),
    on(FicheDeletedSchema, (m, meta) => take({ fiche: m.fiche }, meta)), on(FicheRestoredSchema, (m, meta) => take({ fiche: m.fiche }, meta)),
    on(FicheImportedSchema, (m, meta) => take({ fiche: m.fiche }, meta, true)),
  ]);
}
