import { create } from '@bufbuild/protobuf';
import * as events from '@mediai/contracts/consultation/v1/events';
import { topics, type OutboxEvent } from '@mediai/events';
import type { Fiche } from './fiche.ts';
import type { EvenementFiche } from './ports.ts';

/** What other services may keep of a fiche: identifiers and states, nothing clinical. */
function etat(fiche: Fiche, deleted: boolean) {
  return {
    id: fiche.id,
    numeroDossier: fiche.numero_dossier,
    userId: fiche.user ?? undefined,
    assignedMedecinId: fiche.assigned_medecin ?? undefined,
    etablissementId: fiche.etablissement_id,
    status: fiche.status,
    version: fiche.version,
    publishedAnalyseIds: [...fiche.analyses_publiees],
    deleted,
  };
}

/** What happened to a fiche as a row of the outbox; `fiche` is its state after the change. */
export function versEvenement(fiche: Fiche, evenement: EvenementFiche): OutboxEvent {
  const sous = { topic: topics.fiche.name, key: fiche.id };
  const state = { fiche: etat(fiche, evenement.type === 'FicheDeleted') };
  switch (evenement.type) {
    case 'FicheCreated':
      return { ...sous, schema: events.FicheCreatedSchema, message: create(events.FicheCreatedSchema, { ...state, taskId: evenement.taskId }) };
    case 'FicheUpdated':
      return { ...sous, schema: events.FicheUpdatedSchema, message: create(events.FicheUpdatedSchema, { ...state, taskId: evenement.taskId ?? undefined }) };
    case 'AnalyseRequested':
      return { ...sous, schema: events.AnalyseRequestedSchema, message: create(events.AnalyseRequestedSchema, { ...state, taskId: evenement.taskId }) };
    case 'FicheAnalysed':
      return { ...sous, schema: events.FicheAnalysedSchema, message: create(events.FicheAnalysedSchema, { ...state, analyseId: evenement.analyseId ?? undefined }) };
    case 'FicheEdited':
      return { ...sous, schema: events.FicheEditedSchema, message: create(events.FicheEditedSchema, state) };
    case 'FicheValidated':
      return { ...sous, schema: events.FicheValidatedSchema, message: create(events.FicheValidatedSchema, { ...state, medecinId: evenement.medecinId }) };
    case 'FicheRejected':
      return { ...sous, schema: events.FicheRejectedSchema, message: create(events.FicheRejectedSchema, { ...state, medecinId: evenement.medecinId }) };
    case 'FicheDeleted':
      return { ...sous, schema: events.FicheDeletedSchema, message: create(events.FicheDeletedSchema, state) };
    case 'FicheRestored':
      return { ...sous, schema: events.FicheRestoredSchema, message: create(events.FicheRestoredSchema, state) };
    case 'FicheImported':
      return { ...sous, schema: events.FicheImportedSchema, message: create(events.FicheImportedSchema, state) };
  }
}
