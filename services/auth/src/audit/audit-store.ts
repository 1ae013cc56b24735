import { currentRequestId } from '@mediai/kit/telemetry';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Acte } from './acte.ts';

/** Writes a line of the audit in the transaction of the act. */
export async function appendActe(tx: Prisma.TransactionClient, acte: Acte): Promise<void> {
  await tx.audit.create({
    data: {
      acteur_id: acte.acteurId,
      acteur_role: acte.acteurRole,
      action: acte.action,
      objet_type: acte.objetType,
      objet_id: acte.objetId,
      etablissement_id: acte.etablissementId,
      adresse: acte.adresse || null,
      request_id: currentRequestId() ?? null,
      issue: acte.issue,
      raison: acte.raison ?? null,
    },
    select: { id: true },
  });
}
