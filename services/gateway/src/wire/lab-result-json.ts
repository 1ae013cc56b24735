import type { LabResult } from '@mediai/contracts/consultation/v1/dossier_service';
import { toIso } from './instant.ts';

/** A result of a laboratory as JSON under the contract's names; `origin` is where the client reached the API. */
export function labResultJson({ id, fiche, typeAnalyse, valeur, unite, valeursNormales, datePrelevement, laboratoire, commentaire, createdAt, fichier }: LabResult, origin: string) {
  const url = fichier === undefined ? null : `${origin}/api/v1/lab-results/${id}/download/`;
  return {
    id,
    fiche,
    type_analyse: typeAnalyse,
    valeur,
    unite: unite ?? null,
    valeurs_normales: valeursNormales ?? null,
    date_prelevement: datePrelevement,
    laboratoire: laboratoire ?? null,
    fichier: url,
    file_url: url,
    file_name: fichier ?? null,
    commentaire: commentaire ?? null,
    created_at: toIso(createdAt),
  };
}

/** What a client may write of a result. */
export interface LabResultBody {
  readonly fiche?: number;
  readonly type_analyse?: string | null;
  readonly valeur?: string | null;
  readonly unite?: string | null;
  readonly valeurs_normales?: string | null;
  readonly date_prelevement?: string | null;
  readonly laboratoire?: string | null;
  readonly commentaire?: string | null;
  /** Null removes the file; what else stands here is no file and is ignored. */
  readonly fichier?: unknown;
}

const written = (text: string | null | undefined): string | undefined => (text === null ? '' : text);

/** A result as it was written: null empties. */
export const readLabResult = (body: LabResultBody) => ({
  typeAnalyse: written(body.type_analyse),
  valeur: written(body.valeur),
  unite: written(body.unite),
  valeursNormales: written(body.valeurs_normales),
  datePrelevement: written(body.date_prelevement),
  laboratoire: written(body.laboratoire),
  commentaire: written(body.commentaire),
  sansFichier: body.fichier === null,
});

const text = (maxLength: number, more: object = {}) => ({ type: ['string', 'null'], maxLength, ...more });

/** What may be written, for the schemas of routes. */
export const labResultProperties = {
  type_analyse: text(100),
  valeur: text(50),
  unite: text(20),
  valeurs_normales: text(100),
  date_prelevement: text(10, { description: 'AAAA-MM-JJ ; pas dans le futur, pas avant la naissance.' }),
  laboratoire: text(255),
  commentaire: text(5000),
};

export const labResultExample = { type_analyse: 'Goutte épaisse', valeur: '+++', unite: 'parasites/champ', valeurs_normales: 'Négatif', date_prelevement: '2026-11-24', laboratoire: 'INRB Lubumbashi', commentaire: 'P. falciparum.' };

const nullable = { type: ['string', 'null'] } as const;

/** Schema of a result as answered. */
export const labResultSchema = {
  $id: 'LabResult',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    fiche: { type: 'integer' },
    type_analyse: { type: 'string' },
    valeur: { type: 'string' },
    unite: nullable,
    valeurs_normales: nullable,
    date_prelevement: { type: 'string', format: 'date' },
    laboratoire: nullable,
    fichier: { ...nullable, format: 'uri', description: 'Comme `file_url`.' },
    file_url: { ...nullable, format: 'uri', description: 'Adresse absolue du téléchargement, qui demande le jeton ; null sans fichier.' },
    file_name: nullable,
    commentaire: nullable,
    created_at: { type: ['string', 'null'], format: 'date-time' },
  },
} as const;
