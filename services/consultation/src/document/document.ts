/** A line of a printed document: a label and what it says, in French. */
export interface LigneImprimee {
  readonly libelle: string;
  readonly valeur: string;
  /** Why the value is to be verified. */
  readonly aVerifier?: string | undefined;
}

export interface SectionImprimee {
  readonly titre: string;
  /** `mesures`: few values to be seen at once; `grille`: short ones side by side; `suite`: one after the other. */
  readonly forme: 'mesures' | 'grille' | 'suite';
  readonly lignes: readonly LigneImprimee[];
}

/** A long text under a heading of its own. */
export interface TexteImprime {
  readonly titre: string;
  readonly texte: string;
  /** What the reader must know before the text. */
  readonly mention?: string | undefined;
}

export interface ReferenceImprimee {
  readonly titre: string;
  /** Authors, journal, year, source. */
  readonly detail: string;
  readonly url: string | null;
}

export interface ResultatImprime {
  readonly date: string;
  readonly analyse: string;
  readonly valeur: string;
  readonly normales: string;
  /** Laboratory and comment. */
  readonly detail: string;
}

/**
 * Everything that a printed fiche shows, in the order in which it is shown; plain data, so that it may be handed to
 * another thread. Nothing in it is hidden from its reader: what a patient may not read is not there.
 */
export interface DocumentImprime {
  readonly numero: string;
  readonly etablissement: string;
  readonly telephoneUrgence: string | null;
  /** Said in a frame above everything else. */
  readonly bandeau: { readonly titre: string; readonly detail: string } | null;
  /** What to do now. */
  readonly orientation: string | null;
  readonly reperes: readonly LigneImprimee[];
  readonly urgence: { readonly niveau: string; readonly signes: readonly string[] } | null;
  readonly sections: readonly SectionImprimee[];
  /** What médecins wrote. */
  readonly textes: readonly TexteImprime[];
  readonly resultats: readonly ResultatImprime[];
  readonly references: readonly ReferenceImprimee[];
  /** How many older ones are left out, so that no document is endless. */
  readonly omis: { readonly resultats: number; readonly references: number };
  /** `signature` is the image, or null where none was given or it cannot be printed now, which `signee` tells apart. */
  readonly validation: { readonly medecin: string; readonly date: string; readonly signee: boolean; readonly signature: Uint8Array | null } | null;
  /** What models wrote: after everything that the médecin has signed. */
  readonly ia: TexteImprime | null;
  /** Absolute address at which the document is verified. */
  readonly verification: string;
  /** When this content was printed first; the dates in the file's metadata. */
  readonly emisLe: Date;
}
