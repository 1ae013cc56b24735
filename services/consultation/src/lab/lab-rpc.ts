import { toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import * as messages from '@mediai/contracts/consultation/v1/dossier_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { cleIdempotence, enReponse, lecture } from '../fiche/demande-rpc.ts';
import type { Lecture } from '../fiche/open-fiche.ts';
import { lireEnvoi, versMessages } from '../fichier/envoi-rpc.ts';
import type { FichierLu } from '../fichier/lire-fichier.ts';
import type { FichierDepose } from '../fichier/ports.ts';
import type { ListPieces, PagePieces } from '../piece/list-pieces.ts';
import type { createCreateLabResult } from './create-lab-result.ts';
import type { LabResult, SaisieLabResult } from './lab-result.ts';
import type { createUpdateLabResult } from './update-lab-result.ts';
import type { createUploadLabResult } from './upload-lab-result.ts';

export type LabUseCases = {
  listLabResults: (demande: ListPieces) => Promise<PagePieces<LabResult>>;
  getLabResult: (lecture: Lecture) => Promise<LabResult>;
  createLabResult: ReturnType<typeof createCreateLabResult>;
  updateLabResult: ReturnType<typeof createUpdateLabResult>;
  deleteLabResult: (lecture: Lecture) => Promise<void>;
  uploadLabResult: ReturnType<typeof createUploadLabResult>;
  downloadLabResult: (lecture: Lecture) => Promise<FichierLu>;
};

/** A result as a message. */
export const versMessage = ({ id, fiche, type_analyse, valeur, unite, valeurs_normales, date_prelevement, laboratoire, commentaire, created_at, fichier }: LabResult) => ({
  id, fiche, typeAnalyse: type_analyse, valeur, unite: unite ?? undefined, valeursNormales: valeurs_normales ?? undefined, datePrelevement: date_prelevement,
  laboratoire: laboratoire ?? undefined, commentaire: commentaire ?? undefined, createdAt: timestampFromDate(created_at), fichier: fichier?.nom,
});

/** Absent is unchanged; an empty text is emptied. */
function versSaisie(result: messages.LabResultInput | undefined): SaisieLabResult {
  const { typeAnalyse, valeur, unite, valeursNormales, datePrelevement, laboratoire, commentaire } = result ?? {};
  return {
    type_analyse: vide(typeAnalyse), valeur: vide(valeur), unite: vide(unite), valeurs_normales: vide(valeursNormales), date_prelevement: vide(datePrelevement), laboratoire: vide(laboratoire), commentaire: vide(commentaire),
  };
}

const vide = (texte: string | undefined): string | null | undefined => (texte === '' ? null : texte);
const resultatDe = (result: LabResult) => ({ result: versMessage(result) });
const creation = enReponse(messages.CreateLabResultResponseSchema, resultatDe, (premiere) => ({ ...premiere, replayed: true }));
const envoyee = enReponse(messages.UploadLabResultResponseSchema, resultatDe, (premiere) => ({ ...premiere, replayed: true }));
const remplacee = enReponse(messages.ReplaceLabResultFileResponseSchema, resultatDe);
const modification = enReponse(messages.UpdateLabResultResponseSchema, resultatDe);

/** Messages <-> use cases about results of laboratories. */
export function createLabRpc(cas: LabUseCases) {
  return {
    listLabResults: async ({ fiche: ficheId, page, pageSize, cursor }, ctx) => {
      const { pieces, suite: nextCursor, count, countExact } = await cas.listLabResults({ acteur: acteurOf(ctx), ficheId, motif: ctx.accessReason, page, pageSize, cursor });
      return { results: pieces.map(versMessage), nextCursor, count, countExact };
    },
    getLabResult: async (request, ctx) => resultatDe(await cas.getLabResult(lecture(request, ctx))),
    createLabResult: async (request, ctx) =>
      creation.lire(await cas.createLabResult({ ...lecture({ id: request.fiche }, ctx), saisie: versSaisie(request.result), idempotence: cleIdempotence('CreateLabResult', request, ctx, creation.ecrire) })),
    updateLabResult: async (request, ctx) => modification.lire(await cas.updateLabResult({ ...lecture(request, ctx), saisie: versSaisie(request.result), complet: request.complet, fichier: request.result?.sansFichier ? null : undefined })),
    uploadLabResult: async (requests, ctx) => {
      const acteur = acteurOf(ctx);
      const { formulaire, ...envoi } = await lireEnvoi<messages.CreateLabResultRequest>(requests);
      return envoyee.lire(
        await cas.uploadLabResult('ajouter_resultat', { acteur, ...envoi }, (fichier) => {
          const { fiche, result } = formulaire();
          const idempotence = ctx.idempotencyKey === undefined ? undefined : { route: 'UploadLabResult', cle: ctx.idempotencyKey, corps: corpsDe(messages.CreateLabResultRequestSchema, formulaire(), fichier), ecrire: envoyee.ecrire };
          return cas.createLabResult({ ...lecture({ id: fiche }, ctx), saisie: versSaisie(result), fichier, idempotence });
        }),
      );
    },
    replaceLabResultFile: async (requests, ctx) => {
      const acteur = acteurOf(ctx);
      const { formulaire, ...envoi } = await lireEnvoi<messages.UpdateLabResultRequest>(requests);
      return remplacee.lire(
        await cas.uploadLabResult('modifier_resultat', { acteur, ...envoi }, (fichier) => {
          const { id, result, complet } = formulaire();
          return cas.updateLabResult({ ...lecture({ id }, ctx), saisie: versSaisie(result), complet, fichier });
        }),
      );
    },
    downloadLabResult: async function* (request, ctx) {
      yield* versMessages(await cas.downloadLabResult(lecture(request, ctx)));
    },
    deleteLabResult: async (request, ctx) => {
      await cas.deleteLabResult(lecture(request, ctx));
      return {};
    },
  } satisfies Handlers<typeof messages.DossierService>;
}

/** What a repeated upload must have in common with the first: the form, and what the file is. */
function corpsDe<S extends DescMessage>(schema: S, formulaire: MessageShape<S>, fichier: FichierDepose | undefined): Uint8Array {
  return Buffer.concat([fichier?.sha256 ?? new Uint8Array(), Buffer.from(`${fichier?.nom ?? ''}\0`), toBinary(schema, formulaire)]);
}
