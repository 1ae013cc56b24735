import { appendAudit, claimIdempotence, completeIdempotence, createAppendActes, createAppendLectures, findFirstAnswer, throwingUnavailable, type AuditEntry } from '@mediai/db';
import { quiAgit } from '@mediai/kit/acteur';
import { enCompte, profondeurMax, rangDe } from '@mediai/kit/page';
import type { Db } from '../database-store.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { auteurDe, MOTIF, type Acte, type Cle, type Journal } from './journal.ts';

/** Thrown out of a transaction to undo it. */
class Annulee extends Error {
  override readonly name = 'Annulee';
}

/** An act on a fiche as a row of the audit table. */
export function ligneAudit(fiche: { id: number; etablissement_id: number }, { acteur, action, raison, issue = 'ok' }: Acte): AuditEntry {
  return { ...auteurDe(acteur), action, objetType: 'fiche', objetId: fiche.id, etablissementId: fiche.etablissement_id, issue, raison: raison ?? null };
}

export const cleDe = ({ acteurId, route, cle }: Cle) => ({ acteurId, route, cle });

/** The journal in PostgreSQL: rows of the audit table. `secret` is the key of the hashes of idempotent bodies. */
export function createJournal(db: Db, { secret }: { secret: string }): Journal {
  const claim = (tx: Prisma.TransactionClient, cle: Cle) => claimIdempotence(tx, cleDe(cle), cle.corps, secret);

  const noterActe = createAppendActes(db.sql);
  const noterLectures = createAppendLectures(db.sql);

  const journal: Journal = {
    noter: (fiche, acte) => noterActe(ligneAudit(fiche, acte)),
    noterPage: (fiches, acteur, action) =>
      noterLectures({ acteurId: acteur.id, acteurRole: quiAgit(acteur), action, objetType: 'fiche' }, fiches.map(({ id, etablissement_id: etablissementId }) => ({ id, etablissementId }))),
    rejouer: async (cle) => (await findFirstAnswer(db.sql, cleDe(cle), cle.corps, secret))?.reponse,
    noterUneFois: (fiche, acte, idempotence) =>
      db.$transaction(async (tx) => {
        const premiere = await claim(tx, idempotence);
        if (premiere) return premiere.reponse;
        await appendAudit(tx, ligneAudit(fiche, acte));
        await completeIdempotence(tx, cleDe(idempotence), { statut: 200, reponse: idempotence.ecrire(fiche) });
        return undefined;
      }),
    async noterRefus(fiche, acte) {
      try {
        await db.$transaction(async (tx) => {
          // Not waiting for the disk makes a commit as quick as the undoing of a row about nothing.
          await tx.$queryRaw`SELECT set_config('synchronous_commit', 'off', true)`;
          await appendAudit(tx, ligneAudit(fiche ?? { id: 0, etablissement_id: 0 }, { ...acte, issue: 'refus' }));
          if (!fiche) throw new Annulee();
        });
      } catch (error) {
        if (!(error instanceof Annulee)) throw error;
      }
    },
    async motifDonne(ficheId, acteurId, depuis) {
      const trouve = await db.audit.findFirst({
        where: { objet_type: 'fiche', objet_id: String(ficheId), acteur_id: acteurId, action: MOTIF, le: { gte: depuis } },
        orderBy: { id: 'desc' }, select: { raison: true },
      });
      return trouve?.raison ?? undefined;
    },
    engager: (fiche, acte, cle) =>
      db.$transaction(async (tx) => {
        const premiere = cle && (await claim(tx, cle));
        if (premiere) return premiere.reponse;
        await appendAudit(tx, ligneAudit(fiche, acte));
        return undefined;
      }),
    conclure: (cle, reponse) => completeIdempotence(db, cleDe(cle), { statut: 200, reponse }),
    async abandonner(fiche, acte, cle) {
      await db.$transaction(async (tx) => {
        await appendAudit(tx, ligneAudit(fiche, { ...acte, issue: 'echec' }));
        if (cle) await tx.idempotence.deleteMany({ where: { acteur_id: cle.acteurId, route: cle.route, cle: cle.cle, statut: null } });
      });
    },
    async list({ ficheId, saufActeur, ...page }) {
      const autres = saufActeur === null ? {} : { OR: [{ acteur_id: null }, { acteur_id: { not: saufActeur } }] };
      const where = { objet_type: 'fiche', objet_id: String(ficheId), issue: 'ok', ...autres };
      const [rows, count] = await Promise.all([
        db.audit.findMany({ where, orderBy: { id: 'desc' }, skip: rangDe(page), take: page.pageSize }),
        db.audit.count({ where, take: profondeurMax + 1 }),
      ]);
      const actes = rows.map(({ id, le, acteur_id: acteurId, acteur_role: acteurRole, action, raison }) => ({ id, le, acteurId, acteurRole, action, raison }));
      return { actes, ...enCompte(count) };
    },
  };
  return throwingUnavailable(journal);
}
