import type { NewDelivery } from './delivery.ts';

let count = 0;

/** A delivery to be opened, each about a fiche of its own. */
export function wanted(changes: Partial<NewDelivery> = {}): NewDelivery {
  return {
    cle: `fiche:${++count}:abc`, canal: 'whatsapp', modele: 'fiche_prete', telephone: '+243810000001', userId: 4, prenom: 'Amani', numeroDossier: 'CONS-20260302-001', ficheId: count,
    appointmentId: null, appointmentVersion: null, debut: null, fuseau: 'Africa/Lubumbashi', etablissementId: 1, ...changes,
  };
}
