import type { Compte, Page } from '@mediai/kit/page';
import type { Acte, Cle } from '../acces/journal.ts';
import type { Effacement, StatutEffacement } from './effacement.ts';

/** The key of a call whose answer is made of the request. */
export interface IdempotenceEffacement extends Cle {
  readonly ecrire: (demande: Effacement) => Uint8Array;
}

export type NouvelEffacement = Pick<Effacement, 'user_id' | 'etablissement_id' | 'motif'>;
export type CreationEffacement = { readonly cree: Effacement } | { readonly rejouee: Uint8Array } | 'ouverte';

export interface FiltreEffacements extends Page {
  readonly userId?: number | undefined;
  readonly etablissementId?: number | undefined;
  readonly statuts?: readonly StatutEffacement[] | undefined;
}

export interface DecisionEffacement {
  readonly par: number;
  readonly le: Date;
  readonly acte: Acte;
}

/** What came of the last step of a decision. */
export type FinEffacement = Effacement | { readonly rejouee: Uint8Array };
type AvecCle = { readonly idempotence?: IdempotenceEffacement | undefined };

/** Requests to erase, and the erasure itself. */
export interface EffacementStore {
  /** Request, audit row and idempotency key in one transaction; `ouverte` where the person has an open one. */
  create(nouvel: NouvelEffacement, effets: { acte: Acte; idempotence?: IdempotenceEffacement | undefined }): Promise<CreationEffacement>;
  find(id: number): Promise<Effacement | undefined>;
  /** Newest first. */
  list(filtre: FiltreEffacements): Promise<{ effacements: Effacement[] } & Compte>;
  /** Notes an act on a request. */
  noter(demande: Pick<Effacement, 'id' | 'etablissement_id'>, acte: Acte): Promise<void>;
  /** From `en_attente` only: `perdue` where it was decided meanwhile. */
  refuser(id: number, decision: DecisionEffacement & AvecCle & { motif: string }): Promise<FinEffacement | 'perdue'>;
  /**
   * From `en_attente` only, in one transaction: every fiche of the person, deleted ones too, loses what identifies them
   * and is deleted (`FicheDeleted`); their messages about them are emptied, their files released, the codes of their documents
   * revoked, their own exports and kept answers forgotten, and the values in the history of these fiches.
   * @param noms how the person is called elsewhere
   */
  accepter(id: number, decision: DecisionEffacement & { noms: readonly string[] }): Promise<Effacement | 'perdue'>;
  /** The account is closed: from `acceptee`; fiches that were written meanwhile are erased as well. Done already is done. */
  conclure(id: number, decision: DecisionEffacement & AvecCle): Promise<FinEffacement | undefined>;
}
