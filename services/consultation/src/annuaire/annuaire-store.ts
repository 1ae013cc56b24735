import { findUsers, userProjection } from '@mediai/events';
import { throwingUnavailable } from '@mediai/db';
import type { Db } from '../database-store.ts';
import type { Etablissement, Nom, Utilisateur } from '../fiche/ports.ts';
import { nomComplet } from './nom.ts';

/** What auth's events told this service. */
export interface AnnuaireStore {
  trouverUtilisateur(id: number): Promise<Utilisateur | undefined>;
  /** Names of those known here. */
  nommer(ids: readonly number[]): Promise<Map<number, Nom>>;
  trouverEtablissement(id: number): Promise<Etablissement | undefined>;
  /** Keeps the state unless a newer one is kept. */
  projeterEtablissement(etablissement: Etablissement, version: number): Promise<void>;
}

/** The projections of users and établissements in PostgreSQL. */
export function createAnnuaireStore(db: Db): AnnuaireStore {
  return throwingUnavailable({
    async trouverUtilisateur(id: number) {
      const user = (await findUsers(db.sql, [id])).get(id);
      return user && { id, role: user.role, estActif: user.isActive, approuve: user.approuve, disponible: user.isAvailable, etablissementId: user.etablissementId };
    },
    async nommer(ids: readonly number[]) {
      const users = await findUsers(db.sql, ids);
      return new Map([...users].map(([id, { username, firstName, lastName }]) => [id, { username, nom: nomComplet(firstName, lastName) }]));
    },
    async trouverEtablissement(id: number) {
      const row = await db.etablissementProjection.findUnique({ where: { id } });
      return row ? { id, nom: row.nom, telephoneUrgence: row.telephone_urgence, fuseau: row.fuseau, consentementIa: row.consentement_ia } : undefined;
    },
    async projeterEtablissement({ id, nom, telephoneUrgence, fuseau, consentementIa }: Etablissement, version: number) {
      await db.$executeRaw`
        INSERT INTO etablissement_projection AS present (id, nom, telephone_urgence, fuseau, consentement_ia, version)
        VALUES (${id}::int, ${nom}, ${telephoneUrgence}, ${fuseau}, ${consentementIa}, ${version}::int)
        ON CONFLICT (id) DO UPDATE SET nom = excluded.nom, telephone_urgence = excluded.telephone_urgence, fuseau = excluded.fuseau,
          consentement_ia = excluded.consentement_ia, version = excluded.version, updated_at = now()
        WHERE present.version < excluded.version`;
    },
  });
}

/** Handlers of auth's user topic: they keep the projection by version, a deletion included. */
export const createUserProjection = ({ sql }: Db) => userProjection(sql);
