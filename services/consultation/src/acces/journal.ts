import { auteurDe as auteurDActeur, type Acteur } from '@mediai/kit/acteur';
import type { Compte, Page } from '@mediai/kit/page';
import type { Fiche } from '../fiche/fiche.ts';

/** Who did what; never clinical text. */
export interface Acte {
  /** Null for what this service does by itself. */
  readonly acteur: (Pick<Acteur, 'id' | 'role'> & Partial<Pick<Acteur, 'estAdmin' | 'service'>>) | null;
  /** Stable: `fiche.valider`. */
  readonly action: string;
  /** Why, in the words of who did it. */
  readonly raison?: string | undefined;
  /** How it ended; `ok` unless said. */
  readonly issue?: 'ok' | 'refus' | 'echec';
}

/** An Idempotency-Key: one actor's, for one route and one body. */
export interface Cle {
  readonly acteurId: number;
  readonly route: string;
  readonly cle: string;
  readonly corps: Uint8Array;
}

/** The key of a call whose answer is made of the fiche. */
export interface Idempotence extends Cle {
  readonly ecrire: (fiche: Fiche) => Uint8Array;
}

/** An act as it stands in the journal. */
export interface ActeNote {
  readonly id: bigint;
  readonly le: Date;
  /** Null for services. */
  readonly acteurId: number | null;
  /** patient, medecin, admin or service:<name>. */
  readonly acteurRole: string;
  readonly action: string;
  readonly raison: string | null;
}

export interface FiltreActes extends Page {
  readonly ficheId: number;
  /** The patient of the fiche, whose own acts are left out. */
  readonly saufActeur: number | null;
}

/** What of a fiche its journal knows. */
export type Sujet = Pick<Fiche, 'id' | 'etablissement_id'>;

/** Who an act is kept as: a person by id, a service by its name alone. */
export function auteurDe(acteur: Acte['acteur']): Pick<ActeNote, 'acteurId' | 'acteurRole'> {
  return acteur === null ? { acteurId: null, acteurRole: 'service:consultation' } : auteurDActeur(acteur);
}

/** The action under which a reason is kept. */
export const MOTIF = 'fiche.acces_motive';

/** What was done to fiches, to be added to and read, never changed. Acts that write a fiche are noted with it by the store of fiches. */
export interface Journal {
  /** Notes an act. */
  noter(fiche: Sujet, acte: Acte): Promise<void>;
  /** Notes that somebody was shown these fiches together; of each what was noted so within the last hour is not noted again. */
  noterPage(fiches: readonly Sujet[], acteur: Acteur, action: string): Promise<void>;
  /** The first answer under a key, if it was given. @throws AppError unprocessable for another body */
  rejouer(cle: Cle): Promise<Uint8Array | undefined>;
  /** Notes an act under its key, and its answer; the first answer where there is one. @throws AppError conflict or unprocessable */
  noterUneFois(fiche: Fiche, acte: Acte, idempotence: Idempotence): Promise<Uint8Array | undefined>;
  /** Notes a refused act on a fiche that exists; takes as long where it does not (`undefined`), and notes nothing. */
  noterRefus(fiche: Sujet | undefined, acte: Acte): Promise<void>;
  /** The reason that this actor gave for this fiche last, since then. */
  motifDonne(ficheId: number, acteurId: number, depuis: Date): Promise<string | undefined>;
  /** Notes an act that is about to be done elsewhere and takes its key; the first answer where there is one. @throws AppError conflict or unprocessable */
  engager(fiche: Sujet, acte: Acte, cle?: Cle): Promise<Uint8Array | undefined>;
  /** Keeps the answer of an act that was done elsewhere. */
  conclure(cle: Cle, reponse: Uint8Array): Promise<void>;
  /** Notes that an act could not be done elsewhere and frees its key: it may be tried again. */
  abandonner(fiche: Sujet, acte: Acte, cle?: Cle): Promise<void>;
  /** What was done to a fiche, refusals and failures left out, newest first; the count is exact up to 10 000. */
  list(filtre: FiltreActes): Promise<{ actes: ActeNote[] } & Compte>;
}
