import { appendOutbox, onceInInbox } from '@mediai/events';
import { AppError } from '@mediai/kit/errors';
import { createIds, throwingUnavailable } from '@mediai/db';
import type { Db } from '../database-store.ts';
import { versEvenement } from './fiche-events.ts';
import { createListeFiches } from './fiche-list-store.ts';
import { COLONNES_FICHE, versFiche } from './fiche-row-store.ts';
import { CONSOMMATEUR, creation, ecrireFiche, estAnnulable, modification, Perdue, type AEcrire } from './fiche-write-store.ts';
import type { Fiche } from './fiche.ts';
import type { Effets, FicheStore, Horloge } from './ports.ts';

export type OptionsFicheStore = {
  /** Key of the hashes of idempotent bodies. */
  secret: string;
  clock: Horloge;
  /** Called after a commit that left events to publish, with their names, and with the fiche as it now is, and as it was, where one was changed. */
  committed: (types: readonly string[], ecrite?: Pick<Fiche, 'id' | 'version'>, avant?: Fiche) => void;
};

/** Fiches in PostgreSQL: each write commits with its events, its audit row, its line of history and its idempotency key. */
export function createFicheStore(db: Db, { secret, clock, committed }: OptionsFicheStore): FicheStore {
  const prendreId = createIds(db.sql, 'fiche_consultation');
  const ecrire = (aEcrire: AEcrire, effets: Effets) =>
    estAnnulable(effets) ? db.sql.transaction((sql) => ecrireFiche(sql, aEcrire, effets, secret)) : ecrireFiche(db.sql, aEcrire, effets, secret);

  async function lire(condition: string, valeur: number | string): Promise<Fiche | undefined> {
    const [fiche] = await db.sql.$queryRawUnsafe<Fiche[]>(`SELECT ${COLONNES_FICHE} FROM fiche_consultation AS fiche WHERE ${condition}`, valeur);
    return fiche;
  }

  const store: FicheStore = {
    find: (id) => lire('fiche.id = $1::int AND fiche.deleted_at IS NULL', id),
    findSupprimee: (id) => lire('fiche.id = $1::int AND fiche.deleted_at IS NOT NULL', id),
    async version(id) {
      const [row] = await db.sql.$queryRawUnsafe<{ version: number }[]>('SELECT version FROM fiche_consultation WHERE id = $1::int AND deleted_at IS NULL', id);
      return row?.version;
    },
    findNumero: (numero) => lire('fiche.numero_dossier = $1 AND fiche.deleted_at IS NULL', numero),
    async objets(ids) {
      return db.ficheConsultation.findMany({ where: { id: { in: [...ids] }, deleted_at: null }, select: { id: true, user: true, assigned_medecin: true, etablissement_id: true } });
    },
    list: createListeFiches(db),
    async create(nouvelle, effets) {
      const creee = { ...nouvelle, id: await prendreId() } as Fiche;
      // One statement is a transaction, with a key as well: nothing of it can be lost to another write.
      const issue = await ecrireFiche(db.sql, creation(creee), effets, secret);
      if (typeof issue !== 'string') return { rejouee: issue.reponse };
      committed(effets.evenements.map(({ type }) => type));
      return { creee };
    },
    async update(avant, changement, effets, { suppression } = {}) {
      const aEcrire = modification(avant, changement, clock(), suppression);
      const issue = await ecrire(aEcrire, effets).catch((error: unknown) => {
        if (error instanceof Perdue) return 'perdue' as const;
        throw error;
      });
      if (issue === 'perdue' || issue === 'deja') return issue;
      if (issue !== 'ecrite') return { rejouee: issue.reponse };
      committed(effets.evenements.map(({ type }) => type), aEcrire.apres, avant);
      return { ecrite: aEcrire.apres };
    },
    async marquerRecu(evenementRecu) {
      await onceInInbox(db, CONSOMMATEUR, evenementRecu);
    },
    async analysesSansResultat(avant, limite) {
      const rows = await db.sql.$queryRawUnsafe<{ id: number }[]>(
        'SELECT id FROM fiche_consultation WHERE analyse_en_cours AND analyse_demandee_le < $1::timestamptz AND deleted_at IS NULL ORDER BY analyse_demandee_le LIMIT $2::int', avant, limite);
      return rows.map(({ id }) => id);
    },
    async demanderDifferees(maintenant, limite) {
      const where = { analyse_en_cours: true, analyse_differee_le: { lte: maintenant }, deleted_at: null };
      const dues = await db.sql.$queryRawUnsafe<Pick<Fiche, 'id' | 'analyse_task_id'>[]>(
        'SELECT id, analyse_task_id FROM fiche_consultation WHERE analyse_en_cours AND analyse_differee_le <= $1::timestamptz AND deleted_at IS NULL LIMIT $2::int', maintenant, limite);
      let demandees = 0;
      for (const { id, analyse_task_id: taskId } of dues) {
        if (taskId === null) continue;
        demandees += await db.$transaction(async (tx) => {
          const [row] = await tx.ficheConsultation.updateManyAndReturn({ where: { ...where, id, analyse_task_id: taskId }, data: { analyse_differee_le: null, analyse_demandee_le: maintenant } });
          if (row) await appendOutbox(tx, [versEvenement(versFiche(row), { type: 'AnalyseRequested', taskId })]);
          return row ? 1 : 0;
        });
      }
      if (demandees > 0) committed(['AnalyseRequested']);
      return demandees;
    },
    async prendreBloc(jour, taille) {
      const [bloc] = await db.$queryRaw<{ dernier: number }[]>`
        INSERT INTO numero_dossier_bloc AS bloc (jour, dernier) VALUES (${jour}::date, ${taille}::int)
        ON CONFLICT (jour) DO UPDATE SET dernier = bloc.dernier + excluded.dernier RETURNING dernier`;
      if (!bloc) throw new AppError('internal');
      return bloc.dernier;
    },
  };
  return throwingUnavailable(store);
}
