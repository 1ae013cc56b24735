import { createHmac } from 'node:crypto';
import { AppError } from '@mediai/kit/errors';
import { auteurDe, MOTIF, type Acte, type Cle, type Journal } from './journal.ts';

export interface MemoryJournal extends Journal {
  readonly actes: (Acte & { ficheId: number; le: Date })[];
  /** The first answer under a key. @throws AppError unprocessable for another body, conflict while in flight */
  premiere(cle: Cle | undefined): Uint8Array | undefined;
  ecrire(ficheId: number, acte: Acte): void;
  garder(cle: Cle, reponse: Uint8Array | null): void;
}

const hashDe = (corps: Uint8Array): string => createHmac('sha256', 'memory').update(corps).digest('hex');
const nomDe = ({ acteurId, route, cle }: Cle): string => JSON.stringify([acteurId, route, cle]);

/** The journal without a database. */
export function createMemoryJournal({ clock }: { clock: () => Date }): MemoryJournal {
  const actes: MemoryJournal['actes'] = [];
  const reponses = new Map<string, { hash: string; reponse: Uint8Array | null }>();

  const journal: MemoryJournal = {
    actes,
    premiere(cle) {
      const connue = cle && reponses.get(nomDe(cle));
      if (!cle || !connue) return undefined;
      if (connue.hash !== hashDe(cle.corps)) throw new AppError('unprocessable', 'idempotence.autre_corps', "Cette clé d'idempotence a déjà servi à une autre demande.");
      if (connue.reponse === null) throw new AppError('conflict', 'idempotence.en_cours', 'La même demande est déjà en cours de traitement.');
      return connue.reponse;
    },
    ecrire: (ficheId, acte) => void actes.push({ ...acte, ficheId, le: clock() }),
    garder: (cle, reponse) => void reponses.set(nomDe(cle), { hash: hashDe(cle.corps), reponse }),
    async noter(fiche, acte) {
      journal.ecrire(fiche.id, acte);
    },
    async noterPage(fiches, acteur, action) {
      const depuis = new Date(clock().getTime() - 3_600_000);
      const notee = (id: number): boolean => actes.some((acte) => acte.ficheId === id && acte.acteur?.id === acteur.id && acte.action === action && acte.le > depuis);
      for (const { id } of fiches) if (!notee(id)) journal.ecrire(id, { acteur, action });
    },
    rejouer: async (cle) => (reponses.get(nomDe(cle))?.reponse ? journal.premiere(cle) : undefined),
    async noterUneFois(fiche, acte, idempotence) {
      const premiere = journal.premiere(idempotence);
      if (premiere) return premiere;
      journal.ecrire(fiche.id, acte);
      journal.garder(idempotence, idempotence.ecrire(fiche));
      return undefined;
    },
    async noterRefus(fiche, acte) {
      if (fiche) journal.ecrire(fiche.id, { ...acte, issue: 'refus' });
    },
    async motifDonne(ficheId, acteurId, depuis) {
      return actes.findLast((acte) => acte.action === MOTIF && acte.ficheId === ficheId && acte.acteur?.id === acteurId && acte.le >= depuis)?.raison;
    },
    async engager(fiche, acte, cle) {
      const premiere = journal.premiere(cle);
      if (premiere) return premiere;
      if (cle) journal.garder(cle, null);
      journal.ecrire(fiche.id, acte);
      return undefined;
    },
    async conclure(cle, reponse) {
      journal.garder(cle, reponse);
    },
    async abandonner(fiche, acte, cle) {
      journal.ecrire(fiche.id, { ...acte, issue: 'echec' });
      if (cle) reponses.delete(nomDe(cle));
    },
    async list({ ficheId, saufActeur, page, pageSize }) {
      const trouves = actes
        .map(({ acteur, raison = null, issue = 'ok', ...acte }, i) => ({ ...acte, ...auteurDe(acteur), raison, issue, id: BigInt(i + 1) }))
        .filter(({ ficheId: id, issue, acteurId }) => id === ficheId && issue === 'ok' && (acteurId === null || acteurId !== saufActeur))
        .reverse();
      const notes = trouves.slice((page - 1) * pageSize, page * pageSize).map(({ id, le, acteurId, acteurRole, action, raison }) => ({ id, le, acteurId, acteurRole, action, raison }));
      return { actes: notes, count: trouves.length, countExact: true };
    },
  };
  return journal;
}
