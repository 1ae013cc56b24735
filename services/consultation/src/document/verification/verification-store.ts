import { appendAudit, claimIdempotence, completeIdempotence, throwingUnavailable } from '@mediai/db';
import { AppError } from '@mediai/kit/errors';
import { cleDe, ligneAudit } from '../../acces/journal-store.ts';
import type { DocumentVerification, PrismaClient } from '../../generated/prisma/client.ts';
import type { Verification, VerificationStore } from './verification.ts';

/** Times that a row may be revoked between two of our looks at it. */
const ESSAIS = 3;

/** Printed documents in PostgreSQL. `secret` is the key of the hashes of idempotent bodies. */
export function createVerificationStore(db: PrismaClient, { secret }: { secret: string }): VerificationStore {
  const store: VerificationStore = {
    async obtenir({ ficheId, etablissementId, vue, sel, jetonHash, empreinte, emisLe }) {
      for (let essai = 1; essai <= ESSAIS; essai++) {
        const vivante = await db.documentVerification.findFirst({ where: { fiche_id: ficheId, empreinte: octets(empreinte), revoque_le: null } });
        if (vivante) return versVerification(vivante);
        const [creee] = await db.documentVerification.createManyAndReturn({
          data: [{ fiche_id: ficheId, etablissement_id: etablissementId, vue, sel: octets(sel), jeton_hash: octets(jetonHash), empreinte: octets(empreinte), emis_le: emisLe }],
          skipDuplicates: true,
        });
        if (creee) return versVerification(creee);
      }
      throw new AppError('conflict');
    },
    async trouver(jetonHash) {
      const row = await db.documentVerification.findUnique({ where: { jeton_hash: octets(jetonHash) } });
      return row ? versVerification(row) : undefined;
    },
    revoquer: (fiche, le, acte, idempotence) =>
      db.$transaction(async (tx) => {
        const premiere = idempotence && (await claimIdempotence(tx, cleDe(idempotence), idempotence.corps, secret));
        if (premiere) return { rejouee: premiere.reponse };
        const { count } = await tx.documentVerification.updateMany({ where: { fiche_id: fiche.id, revoque_le: null }, data: { revoque_le: le } });
        await appendAudit(tx, ligneAudit(fiche, acte));
        if (idempotence) await completeIdempotence(tx, cleDe(idempotence), { statut: 200, reponse: idempotence.ecrire(count) });
        return { revoques: count };
      }),
  };
  return throwingUnavailable(store);
}

const octets = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

const versVerification = (row: DocumentVerification): Verification => ({
  ficheId: row.fiche_id,
  etablissementId: row.etablissement_id,
  vue: row.vue === 'patient' ? 'patient' : 'medecin',
  sel: row.sel,
  jetonHash: row.jeton_hash,
  empreinte: row.empreinte,
  emisLe: row.emis_le,
  revoqueLe: row.revoque_le,
});
