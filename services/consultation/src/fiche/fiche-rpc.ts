import * as messages from '@mediai/contracts/consultation/v1/fiche_service';
import { depuisFicheInput } from '@mediai/fiche';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import type { createCreateFiche } from './create-fiche.ts';
import type { createDeleteFiche } from './delete-fiche.ts';
import { cleIdempotence, demande, enReponse, lecture } from './demande-rpc.ts';
import type { createEditDiagnostic } from './edit-diagnostic.ts';
import type { TextesMedecin } from './fiche.ts';
import type { createGetAccesFiche, createGetAccesPage, createGetFiche } from './get-fiche.ts';
import type { createListFiches } from './list-fiches.ts';
import type { createRejectFiche } from './reject-fiche.ts';
import type { createUpdateFiche } from './update-fiche.ts';
import type { createValidateFiche } from './validate-fiche.ts';
import { versMessage } from './vue-rpc.ts';
import type { VueFiche } from './vue.ts';

export type FicheUseCases = {
  createFiche: ReturnType<typeof createCreateFiche>;
  getFiche: ReturnType<typeof createGetFiche>;
  getAccesFiche: ReturnType<typeof createGetAccesFiche>;
  getAccesPage: ReturnType<typeof createGetAccesPage>;
  listFiches: ReturnType<typeof createListFiches>;
  updateFiche: ReturnType<typeof createUpdateFiche>;
  deleteFiche: ReturnType<typeof createDeleteFiche>;
  validateFiche: ReturnType<typeof createValidateFiche>;
  rejectFiche: ReturnType<typeof createRejectFiche>;
  editDiagnostic: ReturnType<typeof createEditDiagnostic>;
};

const ficheDe = (vue: VueFiche) => ({ fiche: versMessage(vue) });
const creation = enReponse(messages.CreateFicheResponseSchema, ficheDe, (premiere) => ({ ...premiere, replayed: true }));
const modification = enReponse(messages.UpdateFicheResponseSchema, ficheDe);
const validation = enReponse(messages.ValidateFicheResponseSchema, ficheDe);
const rejet = enReponse(messages.RejectFicheResponseSchema, ficheDe);
const edition = enReponse(messages.EditDiagnosticResponseSchema, ficheDe);

/** Absent texts are unchanged. */
export function versTextes(textes: messages.TextesMedecin | undefined): TextesMedecin {
  return { diagnostic: textes?.diagnostic, traitement: textes?.traitement, examen_complementaire: textes?.examenComplementaire, recommandations: textes?.recommandations };
}

export const saisieDe = (fiche: Parameters<typeof depuisFicheInput>[0] | undefined) => (fiche ? depuisFicheInput(fiche) : {});

/** Messages <-> use cases about fiches. */
export function createFicheRpc(cas: FicheUseCases) {
  return {
    createFiche: async (request, ctx) =>
      creation.lire(
        await cas.createFiche({
          acteur: acteurOf(ctx),
          saisie: saisieDe(request.fiche),
          assignedMedecin: request.assignedMedecin,
          idempotence: cleIdempotence('CreateFiche', request, ctx, creation.ecrire),
        }),
      ),
    getFiche: async (request, ctx) => ficheDe(await cas.getFiche(lecture(request, ctx))),
    getAccesFiche: async (request, ctx) => {
      if (request.ids.length > 0) return { ids: await cas.getAccesPage(acteurOf(ctx), request.ids) };
      const fiche = await cas.getAccesFiche({ ...lecture(request, ctx), ouverture: request.ouverture });
      return {
        userId: fiche.user ?? undefined,
        assignedMedecinId: fiche.assigned_medecin ?? undefined,
        etablissementId: fiche.etablissement_id,
        status: fiche.status,
        numeroDossier: fiche.numero_dossier,
        publishedAnalyseIds: [...fiche.analyses_publiees],
      };
    },
    listFiches: async ({ status, urgence, isPatientDistance, assignedOnly, search = '', ordering = '', page, pageSize, cursor, supprimees }, ctx) => {
      const liste = await cas.listFiches({ acteur: acteurOf(ctx), status, urgence, isPatientDistance, assignedOnly, search, ordering, page, pageSize, cursor: cursor || undefined, supprimees });
      const { count, countExact, curseur: nextCursor, reservee } = liste;
      return { fiches: liste.vues.map(versMessage), count, countExact, nextCursor, reservee: reservee && { id: reservee.id, numeroDossier: reservee.numero_dossier } };
    },
    updateFiche: async (request, ctx) =>
      modification.lire(
        await cas.updateFiche({ ...demande('UpdateFiche', request, ctx), saisie: saisieDe(request.fiche), complet: request.complet, user: request.user, textes: versTextes(request.textes), signature: request.retirerSignature ? null : undefined }),
      ),
    deleteFiche: async (request, ctx) => {
      await cas.deleteFiche(demande('DeleteFiche', request, ctx));
      return {};
    },
    validateFiche: async (request, ctx) =>
      validation.lire(await cas.validateFiche({ ...demande('ValidateFiche', request, ctx, validation.ecrire), textes: versTextes(request.textes), analyses: request.analyses })),
    rejectFiche: async (request, ctx) => rejet.lire(await cas.rejectFiche({ ...demande('RejectFiche', request, ctx, rejet.ecrire), commentaire: request.commentaire })),
    editDiagnostic: async (request, ctx) => edition.lire(await cas.editDiagnostic({ ...demande('EditDiagnostic', request, ctx), textes: versTextes(request.textes) })),
  } satisfies Handlers<typeof messages.FicheService>;
}
