import { invalid } from '@mediai/kit/errors';
import { plier } from '../fiche/recherche.ts';
import { lireTextes, type Erreurs } from '../piece/lire-textes.ts';
import type { Piece } from '../piece/piece.ts';

/** Where a reference was found; the value and what a user reads. */
export const SOURCES = { pubmed: 'PubMed', cinahl: 'CINAHL', has: 'HAS (Haute Autorité de Santé)', cochrane: 'Cochrane', other: 'Autre' } as const;
export type SourceReference = keyof typeof SOURCES;

export interface ValeursReference {
  readonly title: string;
  readonly url: string | null;
  readonly source: SourceReference;
  readonly authors: string | null;
  readonly year: number | null;
  readonly journal: string | null;
}

/** A bibliographic reference beside a fiche. */
export interface Reference extends Piece, ValeursReference {}

/** What a client wrote: what was not sent is absent, null was emptied. */
export type SaisieReference = { readonly [N in keyof ValeursReference]?: (ValeursReference[N] extends number | null ? number : string) | null | undefined };

/** References of one fiche: all of them are given together. */
export const REFERENCES_MAX = 500;

/** What is taken of each text. */
export const TEXTES_REFERENCE = { title: { max: 255, requis: true }, url: { max: 2_000 }, authors: { max: 500 }, journal: { max: 255 } } as const;
export const ANNEE_MIN = 1_800;

/**
 * What was written of a reference.
 * @param complet true where it is new or replaced: what is not there is emptied
 * @param annee the year it is in the établissement
 * @throws AppError invalid with every faulty field
 */
export function lireReference(saisie: SaisieReference, { complet, annee }: { complet: boolean; annee: number }): Partial<ValeursReference> {
  const { title, url, authors, journal } = saisie;
  const { valeurs, erreurs } = lireTextes(dit({ title, url, authors, journal }), TEXTES_REFERENCE, complet);
  if (valeurs.url && !estAdresse(valeurs.url)) erreurs['url'] = ['Une adresse valide est attendue, qui commence par http:// ou https://.'];
  const lues = { ...valeurs, ...lireSource(saisie.source, complet, erreurs), ...lireAnnee(saisie.year, complet, annee, erreurs) };
  if (Object.keys(erreurs).length > 0) throw invalid(erreurs, 'reference.invalide');
  return lues as Partial<ValeursReference>;
}

function lireSource(source: string | null | undefined, complet: boolean, erreurs: Erreurs): { source?: SourceReference } {
  if (source === undefined && !complet) return {};
  const choisie = source || 'other';
  if (!Object.hasOwn(SOURCES, choisie)) erreurs['source'] = ["Ce choix n'est pas valide."];
  return { source: choisie as SourceReference };
}

function lireAnnee(year: number | null | undefined, complet: boolean, annee: number, erreurs: Erreurs): { year?: number | null } {
  if (year === undefined && !complet) return {};
  if (year === undefined || year === null) return { year: null };
  if (!Number.isInteger(year) || year < ANNEE_MIN || year > annee + 1) erreurs['year'] = [`Une année entre ${ANNEE_MIN} et ${annee + 1} est attendue.`];
  return { year };
}

/** Without the members that were not said. */
const dit = <N extends string>(textes: Record<N, string | null | undefined>): Partial<Record<N, string | null>> =>
  Object.fromEntries(Object.entries(textes).filter(([, texte]) => texte !== undefined)) as Partial<Record<N, string | null>>;

/** Only what a browser opens as a page: no script, no file, no name and password. */
export function estAdresse(texte: string): boolean {
  if (/\s/.test(texte) || !URL.canParse(texte)) return false;
  const { protocol, username, password } = new URL(texte);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

/** What two titles of one fiche must not have in common: the words, whatever their case, accents and spaces. */
export const cleDuTitre = (title: string): string => plier(title).trim().replace(/\s+/g, ' ');
