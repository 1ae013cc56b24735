import type { Ecart, Jugement, Ligne } from './ecart.ts';
import { isIdInBounds } from './ids.ts';

export const raisons = {
  absurde: 'date invraisemblable',
  caracteres: 'caractères non valides',
  coupe: 'texte trop long, coupé',
  choix: 'valeur hors de la liste des choix',
  manque: 'valeur obligatoire absente',
  illisible: 'valeur illisible',
  inconnu: 'objet inexistant ou non repris',
} as const;

/** Instants outside these years are slips, not facts. */
const premiereAnnee = 1900;
const derniereAnnee = 2100;

/** Reads the columns of one row and keeps what did not fit; each method answers null for what is empty or refused. */
export function createLecteur(table: string, ligne: Ligne) {
  const id = Number(ligne['id']);
  const ecarts: Ecart[] = [];
  const adaptations: string[] = [];
  let ecartee = false;
  /** The row is taken over without this value, or with another. */
  const reserver = (colonne: string, raison: string): void => void ecarts.push({ table, id, colonne, raison, effet: 'colonne' });
  /** The row cannot be taken over. */
  const ecarter = (colonne: string | null, raison: string): void => {
    ecartee = true;
    ecarts.push({ table, id, colonne, raison, effet: 'ligne' });
  };

  return {
    id,
    reserver,
    ecarter,
    /** Counts a change of something that fitted. */
    adapter: (phrase: string): void => void adaptations.push(phrase),
    estEcartee: () => ecartee,
    booleen: (colonne: string, defaut = false): boolean => (typeof ligne[colonne] === 'boolean' ? ligne[colonne] : defaut),

    /** A text; blank is null, what is beyond `max` characters is cut off. */
    texte(colonne: string, max = Number.POSITIVE_INFINITY): string | null {
      const brut = ligne[colonne];
      if (typeof brut !== 'string' || brut.trim() === '') return null;
      if (brut.includes('\0') || !brut.isWellFormed()) {
        reserver(colonne, raisons.caracteres);
        return null;
      }
      if (brut.length <= max) return brut;
      const signes = Array.from(brut);
      if (signes.length <= max) return brut;
      reserver(colonne, raisons.coupe);
      return signes.slice(0, max).join('');
    },

    /** One of `choix`, else null. */
    choix<C extends string>(colonne: string, choix: readonly C[]): C | null {
      const brut = ligne[colonne];
      return choix.find((connu) => connu === brut) ?? null;
    },

    /** An instant; an absurd one is null and told, unless `taire`. */
    instant(colonne: string, { taire = false } = {}): Date | null {
      const brut = ligne[colonne];
      if (brut === null || brut === undefined) return null;
      const instant = lireInstant(brut);
      if (instant === null && !taire) reserver(colonne, raisons.absurde);
      return instant;
    },

    /** A reference to another row, if `connue` has it; else null and told. */
    reference(colonne: string, connue: (id: number) => boolean): number | null {
      const brut = ligne[colonne];
      if (brut === null || brut === undefined) return null;
      if (isIdInBounds(brut) && connue(Number(brut))) return Number(brut);
      reserver(colonne, raisons.inconnu);
      return null;
    },

    jugement: <N>(nouvelle: () => N): Jugement<N> => ({ id, nouvelle: ecartee ? null : nouvelle(), ecarts, adaptations }),
  };
}

export type Lecteur = ReturnType<typeof createLecteur>;

/** PostgreSQL's text of an instant in UTC; null for infinity, for a year out of all bounds, for anything else. */
export function lireInstant(brut: unknown): Date | null {
  const lu = /^(\d{4})(-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{1,6})?\+00$/.exec(String(brut));
  if (!lu || Number(lu[1]) < premiereAnnee || Number(lu[1]) > derniereAnnee) return null;
  return new Date(`${lu[1]}${lu[2]}T${lu[3]}${(lu[4] ?? '').slice(0, 4)}Z`);
}

/** A day `YYYY-MM-DD` of plausible years; null for anything else. */
export function lireJour(brut: unknown): string | null {
  const lu = /^(\d{4})-\d\d-\d\d$/.exec(String(brut));
  return lu && Number(lu[1]) >= premiereAnnee && Number(lu[1]) <= derniereAnnee ? String(brut) : null;
}

/** A time of day as `HH:MM:SS`, fractions left out; null for anything else. */
export function lireHeure(brut: unknown): string | null {
  return /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d/.exec(String(brut))?.[0] ?? null;
}

/** What a model wrote, in the form in which it is stored: clients render it, so it holds no HTML. */
export function sansHtml(texte: string): string {
  return texte.replace(/&/gu, '&amp;').replace(/</gu, '&lt;').replace(/>/gu, '&gt;');
}
