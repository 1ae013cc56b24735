import { claimOutcome, claimParts, readClaim, together, type FirstAnswer, type SqlExecutor, type Statement } from '@mediai/db';
import { inboxPart, outboxInsert } from '@mediai/events';
import { unavailable } from '@mediai/kit/errors';
import { cleDe } from '../acces/journal-store.ts';
import { partieGarde, partieRelache } from '../fichier/fichier-store.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { partiesChangement } from '../historique/changement-store.ts';
import { versEvenement } from './fiche-events.ts';
import { COLONNES, enLigne } from './fiche-row-store.ts';
import type { Changement, Fiche } from './fiche.ts';
import type { Effets, Suppression } from './ports.ts';

export type Tx = Prisma.TransactionClient;

/** Consumer name under which received events are taken once. */
export const CONSOMMATEUR = 'consultation';

/** Thrown out of a transaction to undo it: another write came first. */
export class Perdue extends Error {
  override readonly name = 'Perdue';
}

/** A fiche as it was (null before its creation) and as it will be; `partie` writes it where the conditions of `portes` hold. */
export interface AEcrire {
  readonly avant: Fiche | null;
  readonly apres: Fiche;
  readonly partie: (portes: readonly string[]) => Statement;
}

const nommer = (colonne: string): string => `"${colonne}"`;
const depuisJson = 'json_populate_record(NULL::fiche_consultation, $1::json) AS ligne';

/** A new fiche. */
export function creation(fiche: Fiche): AEcrire {
  const colonnes = COLONNES.map(nommer).join(', ');
  const partie: AEcrire['partie'] = (portes) => ({
    sql: `ecrite AS (INSERT INTO fiche_consultation (${colonnes}) SELECT ${colonnes} FROM ${depuisJson} ${portes.length > 0 ? `WHERE ${portes.join(' AND ')} ` : ''}RETURNING 1)`,
    params: [enLigne(fiche)],
  });
  return { avant: null, apres: fiche, partie };
}

/** A change of the version that was read; what is undefined stays as it is. */
export function modification(avant: Fiche, changement: Changement, maintenant: Date, suppression?: Suppression): AEcrire {
  const dits = Object.fromEntries(Object.entries(changement).filter(([, valeur]) => valeur !== undefined));
  const nouvelles = { ...dits, version: avant.version + 1, updated_at: maintenant };
  const ligne = enLigne({ ...nouvelles, ...(suppression ? { deleted_at: suppression === 'faire' ? maintenant : null } : {}) });
  const colonnes = Object.keys(JSON.parse(ligne) as object).toSorted().map(nommer);
  const partie: AEcrire['partie'] = (portes) => ({
    sql: `ecrite AS (UPDATE fiche_consultation AS fiche SET ${colonnes.map((colonne) => `${colonne} = ligne.${colonne}`).join(', ')} FROM ${depuisJson}
      WHERE ${['fiche.id = $2::int', 'fiche.version = $3::int', `fiche.deleted_at IS ${suppression === 'defaire' ? 'NOT NULL' : 'NULL'}`, ...portes].join(' AND ')} RETURNING 1)`,
    params: [ligne, avant.id, avant.version],
  });
  return { avant, apres: { ...avant, ...nouvelles }, partie };
}

type Issue = { ecrites: number; recus?: number; gardes?: number } & Parameters<typeof readClaim>[0];

/**
 * Writes a fiche with its events, its audit row, its line of history, its idempotency key with the answer, its files and
 * the received event that it is the effect of: one statement. Where `estAnnulable`, it is to be made in a transaction
 * that is undone when it throws.
 * @throws Perdue where the fiche is of another version by now; AppError unprocessable or conflict by the key, unavailable without the file
 */
export async function ecrireFiche(sql: SqlExecutor, { avant, apres, partie }: AEcrire, effets: Effets, secret: string): Promise<'ecrite' | 'deja' | FirstAnswer> {
  const { acte, evenements, idempotence, fichiers, evenementRecu } = effets;
  const parties: Statement[] = [];
  const portes: string[] = [];
  const issues = ['(SELECT count(*)::int FROM ecrite) AS ecrites'];
  if (evenementRecu) {
    parties.push(inboxPart('recu', CONSOMMATEUR, evenementRecu));
    portes.push('EXISTS (SELECT FROM recu)');
    issues.push('(SELECT count(*)::int FROM recu) AS recus');
  }
  if (idempotence) {
    parties.push(claimParts(cleDe(idempotence), idempotence.corps, secret, { statut: 200, reponse: idempotence.ecrire(apres) }));
    portes.push('EXISTS (SELECT FROM prise)');
    issues.push(claimOutcome);
  }
  if (fichiers?.garder) {
    parties.push(partieGarde(fichiers.garder, portes));
    issues.push('(SELECT count(*)::int FROM garde) AS gardes');
  }
  if (fichiers?.relacher) parties.push(partieRelache(fichiers.relacher, portes));
  parties.push(partie(portes));
  if (evenements.length > 0) {
    const annonce = outboxInsert(evenements.map((evenement) => versEvenement(apres, evenement)), 'ecrite');
    parties.push({ sql: `annonce AS (${annonce.sql})`, params: annonce.params });
  }
  parties.push(...partiesChangement(avant, apres, acte, 'ecrite'));
  const ecriture = together(parties, { sql: `SELECT ${issues.join(', ')}`, params: [] });
  const [issue] = await sql.$queryRawUnsafe<Issue[]>(ecriture.sql, ...ecriture.params);
  if (evenementRecu && issue?.recus === 0) return 'deja';
  const premiere = idempotence && readClaim(issue, idempotence.corps, secret);
  if (premiere) return premiere;
  if (fichiers?.garder && issue?.gardes === 0) throw unavailable();
  if (issue?.ecrites !== 1) throw new Perdue();
  return 'ecrite';
}

/** Whether something else was taken by the time that a fiche is found to be another one: then all is to be undone. */
export const estAnnulable = ({ idempotence, fichiers, evenementRecu }: Effets): boolean => Boolean(idempotence ?? fichiers ?? evenementRecu);
