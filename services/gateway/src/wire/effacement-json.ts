import type { Effacement } from '@mediai/contracts/consultation/v1/effacement_service';
import { toIso } from './instant.ts';

const STATUTS: Record<string, string> = { en_attente: 'En attente de décision', acceptee: 'Acceptée, fermeture du compte en cours', effacee: 'Données effacées', refusee: 'Refusée' };

/** A request to erase as JSON. */
export const effacementJson = ({ id, user, userName, motif, statut, demandeLe, decidePar, decideLe, motifRefus, effaceLe, fiches }: Effacement) => ({
  id,
  user,
  user_name: userName,
  motif: motif ?? null,
  statut,
  statut_display: STATUTS[statut] ?? statut,
  demande_le: toIso(demandeLe),
  decide_par: decidePar ?? null,
  decide_le: toIso(decideLe),
  motif_refus: motifRefus ?? null,
  efface_le: toIso(effaceLe),
  fiches: fiches ?? null,
});

const instant = { type: ['string', 'null'], format: 'date-time' };

/** Schema of a request to erase as answered. */
export const effacementSchema = {
  $id: 'Effacement',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    user: { type: 'integer' },
    user_name: { type: 'string', description: 'Vide une fois la personne effacée.' },
    motif: { type: ['string', 'null'], description: "Oublié dès que la demande est acceptée." },
    statut: { type: 'string', enum: Object.keys(STATUTS) },
    statut_display: { type: 'string' },
    demande_le: instant,
    decide_par: { type: ['integer', 'null'] },
    decide_le: instant,
    motif_refus: { type: ['string', 'null'] },
    efface_le: instant,
    fiches: { type: ['integer', 'null'], description: 'Fiches pseudonymisées.' },
  },
} as const;
