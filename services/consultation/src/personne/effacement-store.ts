import { appendAudit, claimIdempotence, completeIdempotence, throwingUnavailable, type AuditEntry } from '@mediai/db';
import { enCompte, profondeurMax, rangDe } from '@mediai/kit/page';
import { cleDe } from '../acces/journal-store.ts';
import { auteurDe, type Acte } from '../acces/journal.ts';
import type { Effacement as EffacementRow, Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { Effacement, StatutEffacement } from './effacement.ts';
import { effacerPersonne } from './effacer-personne-store.ts';
import type { EffacementStore, FinEffacement, IdempotenceEffacement } from './ports.ts';

export type OptionsEffacementStore = {
  /** Key of the hashes of idempotent bodies. */
  secret: string;
  /** Called after a commit that left events to publish, with their names. */
  committed: (types: readonly string[]) => void;
};

/** Fiches of one person, each with some statements: more than the seconds of a usual transaction. */
const EFFACER_MS = 60_000;

/** A key as columns. */
const cle = ({ acteurId, route, cle: nom }: IdempotenceEffacement) => ({ acteur_id: acteurId, route, cle: nom });

const versEffacement = ({ statut, ...row }: EffacementRow): Effacement => ({ ...row, statut: statut as StatutEffacement });

/** An act on a request as a row of the audit table. */
const ligneAudit = ({ id, etablissement_id: etablissementId }: Pick<Effacement, 'id' | 'etablissement_id'>, { acteur, action, issue = 'ok' }: Acte): AuditEntry =>
  ({ ...auteurDe(acteur), action, objetType: 'effacement', objetId: id, etablissementId, issue });

/** Requests to erase in PostgreSQL. */
export function createEffacementStore(db: PrismaClient, { secret, committed }: OptionsEffacementStore): EffacementStore {
  /** Writes under a key, and keeps the answer that is made of the request; nothing stays of a key whose call wrote nothing. */
  async function uneFois<A extends Effacement | 'perdue' | undefined>(idempotence: IdempotenceEffacement | undefined, ecrire: (tx: Prisma.TransactionClient) => Promise<A>): Promise<A | FinEffacement> {
    return db.$transaction(
      async (tx) => {
        const premiere = idempotence && (await claimIdempotence(tx, cleDe(idempotence), idempotence.corps, secret));
        if (premiere) return { rejouee: premiere.reponse };
        const ecrit = await ecrire(tx);
        if (idempotence && typeof ecrit === 'object') await completeIdempotence(tx, cleDe(idempotence), { statut: 200, reponse: idempotence.ecrire(ecrit) });
        else if (idempotence) await tx.idempotence.deleteMany({ where: { ...cle(idempotence), statut: null } });
        return ecrit;
      },
      { timeout: EFFACER_MS },
    );
  }

  const store: EffacementStore = {
    create: (nouvel, { acte, idempotence }) =>
      db.$transaction(async (tx) => {
        const premiere = idempotence && (await claimIdempotence(tx, cleDe(idempotence), idempotence.corps, secret));
        if (premiere) return { rejouee: premiere.reponse };
        const [row] = await tx.effacement.createManyAndReturn({ data: [nouvel], skipDuplicates: true });
        if (!row) {
          if (idempotence) await tx.idempotence.deleteMany({ where: { ...cle(idempotence), statut: null } });
          return 'ouverte';
        }
        const cree = versEffacement(row);
        await appendAudit(tx, ligneAudit(cree, acte));
        if (idempotence) await completeIdempotence(tx, cleDe(idempotence), { statut: 200, reponse: idempotence.ecrire(cree) });
        return { cree };
      }),
    async find(id) {
      const row = await db.effacement.findUnique({ where: { id } });
      return row ? versEffacement(row) : undefined;
    },
    async list({ userId, etablissementId, statuts, ...page }) {
      const where = {
        ...(userId === undefined ? {} : { user_id: userId }), ...(etablissementId === undefined ? {} : { etablissement_id: etablissementId }), ...(statuts ? { statut: { in: [...statuts] } } : {}),
      };
      const [rows, count] = await Promise.all([
        db.effacement.findMany({ where, orderBy: { id: 'desc' }, skip: rangDe(page), take: page.pageSize }),
        db.effacement.count({ where, take: profondeurMax + 1 }),
      ]);
      return { effacements: rows.map(versEffacement), ...enCompte(count) };
    },
    noter: (demande, acte) => appendAudit(db, ligneAudit(demande, acte)),
    refuser: (id, { par, le, motif, acte, idempotence }) =>
      uneFois(idempotence, async (tx) => {
        const [row] = await tx.effacement.updateManyAndReturn({ where: { id, statut: 'en_attente' }, data: { statut: 'refusee', decide_par: par, decide_le: le, motif_refus: motif } });
        if (!row) return 'perdue';
        await appendAudit(tx, ligneAudit(row, acte));
        return versEffacement(row);
      }),
    async accepter(id, { par, le, noms, acte }) {
      const evenements: string[] = [];
      const acceptee = await db.$transaction(
        async (tx) => {
          const [row] = await tx.effacement.updateManyAndReturn({ where: { id, statut: 'en_attente' }, data: { statut: 'acceptee', decide_par: par, decide_le: le, motif: null } });
          if (!row) return 'perdue' as const;
          const { fiches, supprimees } = await effacerPersonne(tx, { userId: row.user_id, noms, le, acte });
          evenements.push(...Array.from({ length: supprimees }, () => 'FicheDeleted'));
          await appendAudit(tx, ligneAudit(row, acte));
          return versEffacement(await tx.effacement.update({ where: { id }, data: { fiches } }));
        },
        { timeout: EFFACER_MS },
      );
      if (evenements.length > 0) committed(evenements);
      return acceptee;
    },
    async conclure(id, { le, acte, idempotence }) {
      let supprimees = 0;
      const conclue = await uneFois(idempotence, async (tx) => {
        const [row] = await tx.effacement.updateManyAndReturn({ where: { id, statut: 'acceptee' }, data: { statut: 'effacee', efface_le: le } });
        if (!row) return (await tx.effacement.findFirst({ where: { id, statut: 'effacee' } }).then((present) => present && versEffacement(present))) ?? undefined;
        const dernieres = await effacerPersonne(tx, { userId: row.user_id, noms: [], le, acte });
        supprimees = dernieres.supprimees;
        await appendAudit(tx, ligneAudit(row, acte));
        return versEffacement(await tx.effacement.update({ where: { id }, data: { fiches: { increment: dernieres.fiches } } }));
      });
      if (supprimees > 0) committed(Array.from({ length: supprimees }, () => 'FicheDeleted'));
      return conclue;
    },
  };
  return throwingUnavailable(store);
}
