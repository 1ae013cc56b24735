import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { RevokeVerificationsRequestSchema, RevokeVerificationsResponseSchema, type DocumentService } from '@mediai/contracts/consultation/v1/document_service';
import type { Handlers } from '@mediai/kit/grpc';
import { versMessage as versAttachment } from '../attachment/attachment-rpc.ts';
import { lecture } from '../fiche/demande-rpc.ts';
import { versMessage as versFiche } from '../fiche/vue-rpc.ts';
import { versMessage as versResultat } from '../lab/lab-rpc.ts';
import { versMessage as versMessageDeFiche } from '../message/message-rpc.ts';
import { versMessage as versReference } from '../reference/reference-rpc.ts';
import type { createExportPdf, Fichier } from './export-pdf.ts';
import type { createGetDossier } from './get-dossier.ts';
import type { createRevokeVerifications } from './verification/revoke-verifications.ts';
import type { createVerifyDocument } from './verification/verify-document.ts';

export type DocumentUseCases = {
  exportPdf: ReturnType<typeof createExportPdf>;
  getDossier: ReturnType<typeof createGetDossier>;
  verifyDocument: ReturnType<typeof createVerifyDocument>;
  revokeVerifications: ReturnType<typeof createRevokeVerifications>;
};

/** Bytes of one message. */
const MORCEAU = 64 * 1024;

const ecrire = (revoques: number): Uint8Array => toBinary(RevokeVerificationsResponseSchema, create(RevokeVerificationsResponseSchema, { revoques }));

/** Messages <-> use cases about printed documents. */
export function createDocumentRpc({ exportPdf, getDossier, verifyDocument, revokeVerifications }: DocumentUseCases) {
  return {
    exportPdf: async function* (request, ctx) {
      yield* enMorceaux(await exportPdf({ ...lecture(request, ctx), signal: ctx.signal }), 'application/pdf');
    },
    getDossier: async (request, ctx) => {
      const { vue, messages, references, resultats, attachments } = await getDossier(lecture(request, ctx));
      return {
        fiche: versFiche(vue),
        messages: messages.map(versMessageDeFiche),
        references: references.map(versReference),
        labResults: resultats.map(versResultat),
        attachments: attachments.map(({ attachment, username }) => versAttachment(attachment, username)),
      };
    },
    verifyDocument: async ({ jeton }) => {
      const { statut, emisLe } = await verifyDocument(jeton);
      return { statut, emisLe: timestampFromDate(emisLe) };
    },
    revokeVerifications: async (request, ctx) => {
      const { idempotencyKey: cle } = ctx;
      const idempotence = cle === undefined ? undefined : { route: 'RevokeVerifications', cle, corps: toBinary(RevokeVerificationsRequestSchema, request), ecrire };
      const reponse = await revokeVerifications({ ...lecture(request, ctx), idempotence });
      return 'rejouee' in reponse ? fromBinary(RevokeVerificationsResponseSchema, reponse.rejouee) : reponse;
    },
  } satisfies Handlers<typeof DocumentService>;
}

function* enMorceaux({ nom, octets }: Fichier, typeMime: string) {
  yield { contenu: { case: 'entete' as const, value: { nom, typeMime, taille: BigInt(octets.length) } } };
  for (let debut = 0; debut < octets.length; debut += MORCEAU) yield { contenu: { case: 'octets' as const, value: octets.subarray(debut, debut + MORCEAU) } };
}
