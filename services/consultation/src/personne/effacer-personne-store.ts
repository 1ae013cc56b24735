import { appendOutbox, type OutboxEvent } from '@mediai/events';
import type { Acte } from '../acces/journal.ts';
import { versEvenement } from '../fiche/fiche-events.ts';
import { versColonnes, versFiche } from '../fiche/fiche-row-store.ts';
import type { Fiche } from '../fiche/fiche.ts';
import { relacherFichier } from '../fichier/fichier-store.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { appendChangement } from '../historique/changement-store.ts';
import { effacerFiche, estEffacee, masqueDe } from './effacer-fiche.ts';

type Tx = Prisma.TransactionClient;
type Effacer = { userId: number; noms: readonly string[]; le: Date; acte: Acte };

/** What stands for the words of a person who was erased. */
const MESSAGE_EFFACE = '[message effacé]';
const MESSAGE_MAX = 5_000;

/** The file whose bytes lie under a key. */
const idDe = (cle: string): string => cle.slice(cle.lastIndexOf('/') + 1);

/**
 * Takes a person out of all that this service keeps, in the transaction that is given; what was erased before is left.
 * What they wrote about others, as a médecin does, is part of others' dossiers: it stays.
 * @returns how many fiches there were, and how many of them were not deleted yet
 */
export async function effacerPersonne(tx: Tx, { userId, noms, le, acte }: Effacer): Promise<{ fiches: number; supprimees: number }> {
  // Nothing is written to a fiche meanwhile: whoever waits for the row finds it deleted.
  await tx.$queryRaw`SELECT id FROM fiche_consultation WHERE "user" = ${userId}::int ORDER BY id FOR UPDATE`;
  const rows = (await tx.ficheConsultation.findMany({ where: { user: userId }, orderBy: { id: 'asc' } })).filter((row) => !estEffacee(row));
  const evenements: OutboxEvent[] = [];
  for (const row of rows) {
    const avant = versFiche(row);
    const [ecrite] = await tx.ficheConsultation.updateManyAndReturn({
      where: { id: avant.id },
      data: { ...versColonnes(effacerFiche(avant, noms)), version: { increment: 1 }, updated_at: le, deleted_at: row.deleted_at ?? le } as Prisma.FicheConsultationUncheckedUpdateManyInput,
    });
    if (!ecrite) throw new Error('A locked fiche is gone.');
    const apres = versFiche(ecrite);
    await effacerAutour(tx, avant, noms, le);
    await appendChangement(tx, avant, apres, { ...acte, action: 'fiche.effacer' });
    if (row.deleted_at === null) evenements.push(versEvenement(apres, { type: 'FicheDeleted' }));
  }
  await appendOutbox(tx, evenements);
  const ids = rows.map(({ id }) => id);
  await tx.documentVerification.updateMany({ where: { fiche_id: { in: ids }, revoque_le: null }, data: { revoque_le: le } });
  await tx.$executeRawUnsafe(`SELECT effacer_changements($1::text::int[])`, `{${ids.join(',')}}`);
  await tx.ficheMessage.updateMany({ where: { fiche: { in: ids }, author: userId }, data: { content: MESSAGE_EFFACE } });
  await oublierPersonne(tx, userId, le);
  await oublierReponses(tx, rows.map(({ numero_dossier: numero }) => numero));
  return { fiches: rows.length, supprimees: evenements.length };
}

/** What others wrote beside a fiche: their words stay, the person's names and numbers do not. */
async function effacerAutour(tx: Tx, fiche: Fiche, noms: readonly string[], le: Date): Promise<void> {
  const masquer = masqueDe(fiche, noms);
  for (const { id, content } of await tx.ficheMessage.findMany({ where: { fiche: fiche.id }, select: { id: true, content: true } })) {
    const masque = masquer(content);
    if (masque !== content) await tx.ficheMessage.update({ where: { id }, data: { content: masque.slice(0, MESSAGE_MAX) }, select: { id: true } });
  }
  for (const { id, commentaire } of await tx.labResult.findMany({ where: { fiche: fiche.id, commentaire: { not: null } }, select: { id: true, commentaire: true } })) {
    await tx.labResult.update({ where: { id }, data: { commentaire: masquer(commentaire ?? '') }, select: { id: true } });
  }
  await relacherFichiers(tx, fiche.id, le);
}

/** Photos, letters and scanned results may show anything: they go, and with them their names and notes. */
async function relacherFichiers(tx: Tx, ficheId: number, le: Date): Promise<void> {
  const pieces = await tx.attachment.findMany({ where: { fiche: ficheId }, select: { fichier: true } });
  for (const { fichier } of pieces) await relacherFichier(tx, fichier);
  const resultats = await tx.labResult.findMany({ where: { fiche: ficheId, fichier_cle: { not: null } }, select: { fichier_cle: true } });
  for (const { fichier_cle: cle } of resultats) if (cle !== null) await relacherFichier(tx, idDe(cle));
  await tx.labResult.updateMany({ where: { fiche: ficheId }, data: { fichier_cle: null, fichier_nom: null, fichier_type: null, fichier_taille: null } });
  await tx.attachment.updateMany({ where: { fiche: ficheId }, data: { note: null } });
  await tx.attachment.updateMany({ where: { fiche: ficheId, deleted_at: null }, data: { deleted_at: le } });
}

/** Their own exports end, and the answers that are kept for them are forgotten. */
async function oublierPersonne(tx: Tx, userId: number, le: Date): Promise<void> {
  await tx.idempotence.deleteMany({ where: { acteur_id: userId } });
  const siens = { genre: 'personnel', created_by: userId };
  // Whoever is making one loses the lease with this, and what is written is deleted in its time.
  await tx.exportJob.updateMany({ where: { ...siens, status: { in: ['pending', 'running'] } }, data: { status: 'failed', erreur_code: 'export.interrompu', bail_jeton: null, bail_fin: null, completed_at: le } });
  await tx.exportJob.updateMany({ where: { ...siens, expire_le: { gt: le } }, data: { expire_le: le } });
  await tx.exportObjet.updateMany({ where: { export: { ...siens, status: 'completed' }, OR: [{ a_supprimer_le: null }, { a_supprimer_le: { gt: le } }] }, data: { a_supprimer_le: le } });
}

/**
 * First answers that hold one of these fiches, whoever was given them: a number stands in them behind its length, as
 * protobuf writes a string. No index knows what is in them: a statement for each number keeps each within its time.
 */
async function oublierReponses(tx: Tx, numeros: readonly string[]): Promise<void> {
  for (const numero of numeros) {
    const ecrit = Buffer.concat([Buffer.from([Buffer.byteLength(numero)]), Buffer.from(numero)]);
    await tx.$executeRaw`DELETE FROM idempotence WHERE position(${ecrit}::bytea IN reponse) > 0`;
  }
}
