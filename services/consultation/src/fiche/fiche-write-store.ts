import { appendOutbox } from '@mediai/events';
import type { Prisma } from '../generated/prisma/client.ts';
import { appendChangement } from '../historique/changement-store.ts';
import { versEvenement } from './fiche-events.ts';
import { versColonnes, versFiche } from './fiche-row-store.ts';
import type { Changement, Fiche } from './fiche.ts';
import type { Effets, Suppression } from './ports.ts';

export type Tx = Prisma.TransactionClient;

/** Thrown out of a transaction to undo it: another write came first. */
export class Perdue extends Error {
  override readonly name = 'Perdue';
}

/** Writes the events of a fiche, its audit row and its line of history. */
export async function annoncer(tx: Tx, avant: Fiche | null, fiche: Fiche, { acte, evenements }: Pick<Effets, 'acte' | 'evenements'>): Promise<void> {
  await appendOutbox(tx, evenements.map((evenement) => versEvenement(fiche, evenement)));
  await appendChangement(tx, avant, fiche, acte);
}

/** Changes a fiche of the version that was read, within a transaction. @throws Perdue where it is another one by now */
export async function modifierFiche(tx: Tx, avant: Fiche, changement: Changement, maintenant: Date, suppression?: Suppression): Promise<Fiche> {
  const data = { ...versColonnes(changement), version: { increment: 1 }, updated_at: maintenant, ...(suppression ? { deleted_at: suppression === 'faire' ? maintenant : null } : {}) };
  const presente = { id: avant.id, version: avant.version, deleted_at: suppression === 'defaire' ? { not: null } : null };
  const [row] = await tx.ficheConsultation.updateManyAndReturn({ where: presente, data: data as Prisma.FicheConsultationUncheckedUpdateManyInput });
  if (!row) throw new Perdue();
  return versFiche(row);
}
