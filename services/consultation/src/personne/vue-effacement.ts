import type { Nom } from '../fiche/ports.ts';
import type { Effacement } from './effacement.ts';

/** A request as it is shown. */
export interface VueEffacement {
  readonly demande: Effacement;
  /** Empty when it is not known here, or not any more. */
  readonly userName: string;
}

/** A view of a request, with the names that are known; whoever was erased has none. */
export function vueEffacement(demande: Effacement, noms: ReadonlyMap<number, Nom>): VueEffacement {
  const nom = demande.statut === 'effacee' ? undefined : noms.get(demande.user_id);
  return { demande, userName: nom?.nom || nom?.username || '' };
}
