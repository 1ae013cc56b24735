import type { ChampChange, FicheChangement } from '@mediai/contracts/consultation/v1/dossier_service';
import { toIso } from './instant.ts';

const champJson = ({ champ, libelle, avant, apres }: ChampChange) => ({
  champ,
  libelle,
  ...(avant === undefined || apres === undefined ? {} : { avant: JSON.parse(avant) as unknown, apres: JSON.parse(apres) as unknown }),
});

/** One act on a fiche and what it changed, as JSON. */
export const historiqueJson = ({ version, le, acteurId, acteurUsername, acteurNom, acteurRole, action, champs }: FicheChangement) => ({
  version,
  le: toIso(le),
  acteur: acteurId ?? null,
  acteur_username: acteurUsername,
  acteur_nom: acteurNom,
  acteur_role: acteurRole,
  action,
  champs: champs.map(champJson),
});

/** Schema of an act of the history as answered. */
export const historiqueSchema = {
  $id: 'FicheChangement',
  type: 'object',
  properties: {
    version: { type: 'integer', description: "Version de la fiche que l'acte a faite." },
    le: { type: ['string', 'null'], format: 'date-time' },
    acteur: { type: ['integer', 'null'] },
    acteur_username: { type: 'string' },
    acteur_nom: { type: 'string' },
    acteur_role: { type: 'string', examples: ['medecin'] },
    action: { type: 'string', examples: ['fiche.editer'] },
    champs: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          champ: { type: 'string', examples: ['diagnostic'] },
          libelle: { type: 'string', examples: ['Diagnostic'] },
          avant: { description: 'Médecins et administrateurs seulement, comme le suivant.' },
          apres: {},
        },
      },
    },
  },
} as const;
