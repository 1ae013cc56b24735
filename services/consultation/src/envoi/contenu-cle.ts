import { createHmac } from 'node:crypto';
import type { Fiche } from '../fiche/fiche.ts';

/** Keyed hash of what the patient would read: the same content is told once within the hour. */
export function createContenuCle(secret: string) {
  return (fiche: Pick<Fiche, 'status' | 'diagnostic' | 'traitement' | 'examen_complementaire' | 'recommandations' | 'analyses_publiees'>): string => {
    const { status, diagnostic, traitement, examen_complementaire, recommandations, analyses_publiees } = fiche;
    const contenu = JSON.stringify([status, diagnostic, traitement, examen_complementaire, recommandations, analyses_publiees]);
    return createHmac('sha256', secret).update(contenu).digest('base64url').slice(0, 32);
  };
}

export type ContenuCle = ReturnType<typeof createContenuCle>;
