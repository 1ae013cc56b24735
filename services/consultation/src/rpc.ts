import { AttachmentService } from '@mediai/contracts/consultation/v1/attachment_service';
import { DocumentService } from '@mediai/contracts/consultation/v1/document_service';
import { DossierService } from '@mediai/contracts/consultation/v1/dossier_service';
import { EffacementService } from '@mediai/contracts/consultation/v1/effacement_service';
import { ExportService } from '@mediai/contracts/consultation/v1/export_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { MessageEntrantService } from '@mediai/contracts/consultation/v1/message_entrant_service';
import { SignatureService } from '@mediai/contracts/consultation/v1/signature_service';
import { implement, methodName, type Implementation } from '@mediai/kit/grpc';
import { healthMethod, implementHealth, type Checks } from '@mediai/kit/health';
import { createAccesRpc, type AccesUseCases } from './acces/acces-rpc.ts';
import { createAnalyseRpc, type AnalyseUseCases } from './analyse/analyse-rpc.ts';
import { createAttachmentRpc, type AttachmentUseCases } from './attachment/attachment-rpc.ts';
import { createDocumentRpc, type DocumentUseCases } from './document/document-rpc.ts';
import { createEntrantRpc, type EntrantUseCases } from './entrant/entrant-rpc.ts';
import { createEnvoiRpc, type EnvoiUseCases } from './envoi/envoi-rpc.ts';
import { createExportRpc, type ExportUseCases } from './export/export-rpc.ts';
import { createDossierRpc, type DossierUseCases } from './fiche/dossier-rpc.ts';
import { createFicheRpc, type FicheUseCases } from './fiche/fiche-rpc.ts';
import { createHistoriqueRpc, type HistoriqueUseCases } from './historique/historique-rpc.ts';
import { createLabRpc, type LabUseCases } from './lab/lab-rpc.ts';
import { createMessageRpc, type MessageUseCases } from './message/message-rpc.ts';
import { createReferenceRpc, type ReferenceUseCases } from './reference/reference-rpc.ts';
import { createSignatureRpc, type SignatureUseCases } from './signature/signature-rpc.ts';
import { createEffacementRpc, type EffacementUseCases } from './personne/effacement-rpc.ts';

/** About exports and erasures. */
export type UseCasesPersonne = ExportUseCases & EffacementUseCases;
export type UseCases = UseCasesPersonne & AttachmentUseCases & DocumentUseCases & SignatureUseCases & FicheUseCases & AccesUseCases & AnalyseUseCases & EnvoiUseCases & DossierUseCases & HistoriqueUseCases & MessageUseCases & ReferenceUseCases & LabUseCases & EntrantUseCases;

/** Methods that need no access token. */
export const publicMethods = [healthMethod, methodName(SignatureService.method.downloadSignature), methodName(DocumentService.method.verifyDocument)];

/** Method -> handler. */
export function createRpc(useCases: UseCases, checks: Checks): Implementation[] {
  return [
    implement(FicheService, { ...createFicheRpc(useCases), ...createAccesRpc(useCases), ...createAnalyseRpc(useCases), ...createEnvoiRpc(useCases) }),
    implement(DossierService, { ...createDossierRpc(useCases), ...createHistoriqueRpc(useCases), ...createMessageRpc(useCases), ...createReferenceRpc(useCases), ...createLabRpc(useCases) }),
    implement(ExportService, createExportRpc(useCases)),
    implement(EffacementService, createEffacementRpc(useCases)),
    implement(AttachmentService, createAttachmentRpc(useCases)),
    implement(DocumentService, createDocumentRpc(useCases)),
    implement(MessageEntrantService, createEntrantRpc(useCases)),
    implement(SignatureService, createSignatureRpc(useCases)),
    implementHealth(checks),
  ];
}
