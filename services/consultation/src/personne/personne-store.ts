import { throwingUnavailable } from '@mediai/db';
import { versFiche } from '../fiche/fiche-row-store.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { AutourFiche, PersonneStore } from './donnees-personnelles.ts';

const jourDe = (date: Date): string => date.toISOString().slice(0, 10);

/** A person's own fiches in PostgreSQL. */
export function createPersonneStore(db: PrismaClient): PersonneStore {
  const store: PersonneStore = {
    async fiches(userId, apres, limite) {
      const rows = await db.ficheConsultation.findMany({ where: { user: userId, deleted_at: null, id: { gt: apres } }, orderBy: { id: 'asc' }, take: limite });
      return rows.map(versFiche);
    },
    async autour(ficheIds) {
      const desFiches = { fiche: { in: [...ficheIds] } };
      const parId = { id: 'asc' } as const;
      const [messages, references, resultats, pieces] = await Promise.all([
        db.ficheMessage.findMany({ where: desFiches, orderBy: parId }),
        db.ficheReference.findMany({ where: { ...desFiches, deleted_at: null }, orderBy: parId }),
        db.labResult.findMany({ where: { ...desFiches, deleted_at: null }, orderBy: parId }),
        db.attachment.findMany({ where: { ...desFiches, deleted_at: null }, orderBy: parId }),
      ]);
      const fichiers = new Map((await db.fichier.findMany({ where: { id: { in: pieces.map(({ fichier }) => fichier) } } })).map((row) => [row.id, row]));
      const de = <R extends { fiche: number }>(rows: readonly R[], id: number): R[] => rows.filter(({ fiche }) => fiche === id);
      return new Map(ficheIds.map((id): [number, AutourFiche] => [id, {
        messages: de(messages, id).map(({ id: messageId, author, content, created_at }) => ({ id: messageId, author, content, created_at })),
        references: de(references, id).map(({ id: referenceId, title, url, source, authors, year, journal, created_at }) => ({ id: referenceId, title, url, source, authors, year, journal, created_at })),
        resultats: de(resultats, id).map(({ id: resultatId, type_analyse, valeur, unite, valeurs_normales, date_prelevement, laboratoire, commentaire, fichier_nom, fichier_type, fichier_taille, created_at }) => ({
          id: resultatId, type_analyse, valeur, unite, valeurs_normales, date_prelevement: jourDe(date_prelevement), laboratoire, commentaire, fichier_nom, fichier_type, fichier_taille, created_at,
        })),
        pieces: de(pieces, id).map(({ id: pieceId, kind, note, uploaded_by, created_at, fichier }) => ({
          id: pieceId, kind, note, uploaded_by, created_at, nom: fichiers.get(fichier)?.nom ?? null, type_mime: fichiers.get(fichier)?.type_mime ?? null, taille: fichiers.get(fichier)?.taille ?? null,
        })),
      }]));
    },
  };
  return throwingUnavailable(store);
}
