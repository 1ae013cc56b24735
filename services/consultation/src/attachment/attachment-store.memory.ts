import type { MemoryJournal } from '../acces/journal.memory.ts';
import type { Acte } from '../acces/journal.ts';
import type { FicheStore, Horloge } from '../fiche/ports.ts';
import type { Fiche } from '../fiche/fiche.ts';
import type { MemoryFichiers } from '../fichier/fichier-store.memory.ts';
import { listerEnMemoire } from '../piece/piece-list.memory.ts';
import { ATTACHMENTS_MAX, type Attachment, type AttachmentStore, type NonEcrit } from './attachment.ts';

type Needs = { fiches: Pick<FicheStore, 'find'>; fichiers: MemoryFichiers; journal: MemoryJournal; clock: Horloge };

/** Attachments without a database; acts and keys go to the journal that is given. */
export function createMemoryAttachments({ fiches, fichiers, journal, clock }: Needs): AttachmentStore {
  const rows = new Map<number, Attachment>();
  /** Fiche of every attachment there ever was. */
  const dejaLa: number[] = [];
  let dernierId = 0;
  const tient = async ({ id, version }: Fiche): Promise<boolean> => (await fiches.find(id))?.version === version;

  async function changer(fiche: Fiche, id: number, acte: Acte, ecrire: (avant: Attachment) => Attachment): Promise<Attachment | NonEcrit> {
    if (!(await tient(fiche))) return 'perdue';
    const avant = rows.get(id);
    if (!avant) return 'absent';
    const apres = ecrire(avant);
    journal.ecrire(fiche.id, acte);
    return apres;
  }

  return {
    find: async (id) => rows.get(id),
    list: (filtre) => listerEnMemoire([...rows.values()].reverse(), fiches, filtre),
    async create(fiche, dits, fichier, { id: par }, acte, idempotence) {
      const rejouee = journal.premiere(idempotence);
      if (rejouee) return { rejouee };
      if (!(await tient(fiche))) return 'perdue';
      if (dejaLa.filter((id) => id === fiche.id).length >= ATTACHMENTS_MAX) return 'plein';
      dejaLa.push(fiche.id);
      fichiers.garder(fichier);
      const cree: Attachment = { id: ++dernierId, fiche: fiche.id, ...dits, uploaded_by: par, created_at: clock(), fichier };
      rows.set(cree.id, cree);
      journal.ecrire(fiche.id, acte);
      if (idempotence) journal.garder(idempotence, idempotence.ecrire(cree));
      return { cree };
    },
    update: (fiche, id, dits, acte) =>
      changer(fiche, id, acte, (avant) => {
        const apres = { ...avant, ...dits };
        rows.set(id, apres);
        return apres;
      }),
    delete: (fiche, id, acte) =>
      changer(fiche, id, acte, (avant) => {
        rows.delete(id);
        return avant;
      }),
  };
}
