import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import * as messages from '@mediai/contracts/consultation/v1/dossier_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { cleIdempotence, enReponse, lecture } from '../fiche/demande-rpc.ts';
import type { Lecture } from '../fiche/open-fiche.ts';
import type { ListPieces, PagePieces } from '../piece/list-pieces.ts';
import type { createCreateReference } from './create-reference.ts';
import type { createListFicheReferences } from './list-fiche-references.ts';
import type { Reference, SaisieReference } from './reference.ts';
import type { createUpdateReference } from './update-reference.ts';

export type ReferenceUseCases = {
  listFicheReferences: ReturnType<typeof createListFicheReferences>;
  listReferences: (demande: ListPieces) => Promise<PagePieces<Reference>>;
  getReference: (lecture: Lecture) => Promise<Reference>;
  createReference: ReturnType<typeof createCreateReference>;
  updateReference: ReturnType<typeof createUpdateReference>;
  deleteReference: (lecture: Lecture) => Promise<void>;
};

/** A reference as a message. */
export const versMessage = ({ id, fiche, title, url, source, authors, year, journal, created_at }: Reference) => ({
  id, fiche, title, url: url ?? undefined, source, authors: authors ?? undefined, year: year ?? undefined, journal: journal ?? undefined, createdAt: timestampFromDate(created_at),
});

/** Absent is unchanged; an empty text or the year 0 is emptied. */
function versSaisie(reference: messages.FicheReferenceInput | undefined): SaisieReference {
  const { title, url, source, authors, year, journal } = reference ?? {};
  return { title: vide(title), url: vide(url), source: vide(source), authors: vide(authors), year: year === 0 ? null : year, journal: vide(journal) };
}

const vide = (texte: string | undefined): string | null | undefined => (texte === '' ? null : texte);
const referenceDe = (reference: Reference) => ({ reference: versMessage(reference) });
const creation = enReponse(messages.CreateReferenceResponseSchema, referenceDe, (premiere) => ({ ...premiere, replayed: true }));
const modification = enReponse(messages.UpdateReferenceResponseSchema, referenceDe);

/** Messages <-> use cases about references. */
export function createReferenceRpc(cas: ReferenceUseCases) {
  return {
    listFicheReferences: async ({ fiche }, ctx) => ({ references: (await cas.listFicheReferences(lecture({ id: fiche }, ctx))).map(versMessage) }),
    listReferences: async ({ fiche: ficheId, page, pageSize, cursor }, ctx) => {
      const { pieces, suite: nextCursor, count, countExact } = await cas.listReferences({ acteur: acteurOf(ctx), ficheId, motif: ctx.accessReason, page, pageSize, cursor });
      return { references: pieces.map(versMessage), nextCursor, count, countExact };
    },
    getReference: async (request, ctx) => referenceDe(await cas.getReference(lecture(request, ctx))),
    createReference: async (request, ctx) =>
      creation.lire(await cas.createReference({ ...lecture({ id: request.fiche }, ctx), saisie: versSaisie(request.reference), idempotence: cleIdempotence('CreateReference', request, ctx, creation.ecrire) })),
    updateReference: async (request, ctx) => modification.lire(await cas.updateReference({ ...lecture(request, ctx), saisie: versSaisie(request.reference), complet: request.complet })),
    deleteReference: async (request, ctx) => {
      await cas.deleteReference(lecture(request, ctx));
      return {};
    },
  } satisfies Handlers<typeof messages.DossierService>;
}
