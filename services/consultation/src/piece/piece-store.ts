import { appendAudit, claimIdempotence, completeIdempotence } from '@mediai/db';
import { cleDe, ligneAudit } from '../acces/journal-store.ts';
import type { OptionsFicheStore } from '../fiche/fiche-store.ts';
import { ecrireFiche, modification, Perdue, type Tx } from '../fiche/fiche-write-store.ts';
import type { Fiche } from '../fiche/fiche.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { EcriturePiece, EffetsPiece, NonEcrite } from './piece.ts';

/** Thrown out of a transaction to undo it: the piece is not to be written. */
class Refusee extends Error {
  override readonly name = 'Refusee';
  readonly issue: NonEcrite;
  constructor(issue: NonEcrite) {
    super(issue);
    this.issue = issue;
  }
}

/** Undoes the write. */
export function refuser(issue: NonEcrite): never {
  throw new Refusee(issue);
}

/** A unique index was hit (PostgreSQL 23505), as Prisma tells it. */
const estDouble = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'P2002';

/** The fiche stands as it was read, and stays so until the transaction ends; writers under one fiche wait for each other. */
async function tenir(tx: Tx, { id, version }: Fiche): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM fiche_consultation WHERE id = ${id}::int AND version = ${version}::int AND deleted_at IS NULL FOR NO KEY UPDATE`;
  if (rows.length === 0) throw new Perdue();
}

/**
 * Writes under a fiche in one transaction: key, what is raised of the fiche with its event and its line of history, the
 * audit row, and what `ecrire` writes.
 */
export async function ecrireSousFiche<P>(db: PrismaClient, { secret, clock, committed }: OptionsFicheStore, fiche: Fiche, { acte, idempotence, hausse }: EffetsPiece<P>, ecrire: (tx: Tx) => Promise<P>): Promise<EcriturePiece<P>> {
  let montee: Fiche | undefined;
  const ecriture = db.$transaction(async (tx) => {
    const premiere = idempotence && (await claimIdempotence(tx, cleDe(idempotence), idempotence.corps, secret));
    if (premiere) return { rejouee: premiere.reponse };
    if (hausse) {
      const haussee = modification(fiche, hausse, clock());
      await ecrireFiche(tx, haussee, { acte, evenements: [{ type: 'FicheEdited' }] }, secret);
      montee = haussee.apres;
    } else {
      await tenir(tx, fiche);
      await appendAudit(tx, ligneAudit(fiche, acte));
    }
    const ecrite = await ecrire(tx);
    if (idempotence) await completeIdempotence(tx, cleDe(idempotence), { statut: 200, reponse: idempotence.ecrire(ecrite) });
    return { ecrite };
  });
  const issue = await ecriture.catch((error: unknown): NonEcrite => {
    if (error instanceof Perdue) return 'perdue';
    if (error instanceof Refusee) return error.issue;
    if (estDouble(error)) return 'double';
    throw error;
  });
  if (montee && typeof issue === 'object' && 'ecrite' in issue) committed(['FicheEdited'], montee);
  return issue;
}
