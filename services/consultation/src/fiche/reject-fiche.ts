import { libelleSysteme, refus } from '@mediai/fiche';
import { invalidNamed } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import type { ChangeFiche, Demande, Reponse } from './change-fiche.ts';
import { texteLibre, transition } from './fiche.ts';
import { jourEtHeure } from './jour.ts';
import type { Annuaire, Horloge } from './ports.ts';

export interface RejectFiche extends Demande {
  readonly commentaire: string;
}

type Needs = { changeFiche: ChangeFiche; annuaire: Pick<Annuaire, 'etablissement'>; clock: Horloge };

/**
 * Sends a fiche back to its patient, who reads the comment and may mend it.
 * @throws AppError invalid (`commentaire`, `fiche.etat_invalide`), conflict, stale, forbidden, not_found
 */
export function createRejectFiche({ changeFiche, annuaire, clock }: Needs) {
  return async (demande: RejectFiche): Promise<Reponse> => {
    const { acteur } = demande;
    exiger(acteur, 'rejeter');
    const commentaire = texteLibre('commentaire_rejet', demande.commentaire.trim(), 'commentaire');
    if (commentaire === '') throw invalidNamed({ commentaire: [refus.obligatoire({ libelle: libelleSysteme('commentaire_rejet') })] });
    const maintenant = clock();
    const { fuseau } = await annuaire.etablissement(acteur.etablissementId);
    return changeFiche({ action: 'rejeter', course: 'conflit' }, demande, (fiche) => ({
      changement: {
        status: transition(fiche.status, 'rejeter'),
        commentaire_rejet: commentaire,
        medecin_validateur: acteur.id,
        heure_fin: fiche.heure_fin ?? jourEtHeure(maintenant, fuseau).heure,
      },
      evenements: [{ type: 'FicheRejected', medecinId: acteur.id }],
    }));
  };
}
