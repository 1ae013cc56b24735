import type { AccesFiche } from '@mediai/contracts/consultation/v1/fiche_service';
import { toIso } from './instant.ts';

/** An opening of a dossier as JSON under the contract's names. */
export const accesJson = ({ id, le, acteurId, acteurUsername, acteurNom, acteurRole, action, raison }: AccesFiche) => ({
  id: Number(id),
  le: toIso(le),
  acteur: acteurId ?? null,
  acteur_username: acteurUsername,
  acteur_nom: acteurNom,
  acteur_role: acteurRole,
  action,
  raison: raison ?? null,
});

/** Schema of an opening as answered. */
export const accesSchema = {
  $id: 'AccesFiche',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    le: { type: ['string', 'null'], format: 'date-time' },
    acteur: { type: ['integer', 'null'] },
    acteur_username: { type: 'string' },
    acteur_nom: { type: 'string' },
    acteur_role: { type: 'string', examples: ['medecin'] },
    action: { type: 'string', examples: ['fiche.lire'] },
    raison: { type: ['string', 'null'], description: 'Le motif donné, là où il en fallait un.' },
  },
} as const;
