import { cleSonore } from './normaliser.ts';
import type { Jeton } from './normaliser.ts';

/** One place of a pattern: a word among several, optional or not, or a gap of at most four words. */
type Place = { mots: Set<string>; cles: Set<string>; prefixes: string[]; facultatif: boolean; nombre: boolean } | 'ecart';
export type Motif<C extends string> = { concept: C; places: Place[]; couvre: boolean; douteux: boolean };
export type Touche<C extends string> = { concept: C; deb: number; fin: number; couvre: boolean; douteux: boolean };

const ECART_MAX = 4;

/**
 * Compiles a pattern of the lexicon. Syntax: words separated by spaces; `a|b` one of; `conv*` begins with; `mot?` may lack;
 * `#` a number; `=mot` only as spelt; `~` up to four words. Words of six letters or more also match by sound.
 */
export function compiler<C extends string>(concept: C, source: string, options: { couvre?: boolean; douteux?: boolean } = {}): Motif<C> {
  const places = source.split(' ').map((partie): Place => {
    if (partie === '~') return 'ecart';
    const facultatif = partie.endsWith('?');
    const choix = (facultatif ? partie.slice(0, -1) : partie).split('|');
    if (choix.some((c) => !/^=?[a-z0-9]+\*?$|^#$/.test(c))) throw new Error(`lexique : « ${source} » n'est pas un motif`);
    const litteraux = choix.filter((c) => c.startsWith('=')).map((c) => c.slice(1));
    const exacts = choix.filter((c) => !c.startsWith('=') && !c.endsWith('*') && c !== '#');
    return {
      mots: new Set([...exacts, ...litteraux]), cles: new Set(exacts.map(cleSonore).filter((c) => c !== '')),
      prefixes: choix.filter((c) => c.endsWith('*')).map((c) => c.slice(0, -1)), facultatif, nombre: choix.includes('#'),
    };
  });
  return { concept, places, couvre: options.couvre ?? false, douteux: options.douteux ?? false };
}

function convient(place: Exclude<Place, 'ecart'>, j: Jeton): boolean {
  if (j.ponct) return false;
  return place.mots.has(j.mot) || (j.cle !== '' && place.cles.has(j.cle)) || (place.nombre && j.nombre !== null) || place.prefixes.some((p) => j.mot.startsWith(p));
}

/** End (exclusive) of the longest match of the places from `p` at token `i`, or -1. Depth is bounded by the pattern. */
function finDuMotif(places: Place[], p: number, jetons: Jeton[], i: number): number {
  if (p === places.length) return i;
  const place = places[p]!;
  if (place === 'ecart') {
    let meilleure = -1;
    for (let saut = 0; saut <= ECART_MAX && i + saut <= jetons.length; saut++) {
      if (saut > 0 && jetons[i + saut - 1]!.ponct) break;
      meilleure = finDuMotif(places, p + 1, jetons, i + saut);
      if (meilleure !== -1) return meilleure;
    }
    return meilleure;
  }
  const j = jetons[i];
  if (j !== undefined && convient(place, j)) {
    const fin = finDuMotif(places, p + 1, jetons, i + 1);
    if (fin !== -1) return fin;
  }
  return place.facultatif ? finDuMotif(places, p + 1, jetons, i) : -1;
}

/** Patterns by a key of their first word, each once under a key, in the lexicon's order. */
type Carte<C extends string> = Map<string, Motif<C>[]>;

function ranger<C extends string>(carte: Carte<C>, cles: Iterable<string>, motif: Motif<C>): void {
  for (const cle of new Set(cles)) {
    const liste = carte.get(cle);
    if (liste === undefined) carte.set(cle, [motif]);
    else liste.push(motif);
  }
}

/**
 * Index of patterns by their first word, so that reading a text costs its length, not the lexicon's: by the word, by its
 * sound, and those that begin with a prefix or a number by the letters that they can begin with.
 */
export function indexer<C extends string>(motifs: Motif<C>[]): (jetons: Jeton[]) => Touche<C>[] {
  const parMot: Carte<C> = new Map();
  const parCle: Carte<C> = new Map();
  const parInitiale: Carte<C> = new Map();
  const autres: Motif<C>[] = [];
  for (const motif of motifs) {
    const premiere = motif.places[0]!;
    if (premiere === 'ecart' || premiere.facultatif) throw new Error(`lexique : « ${motif.concept} » commence par un mot facultatif`);
    if (premiere.prefixes.length > 0 || premiere.nombre) {
      autres.push(motif);
      ranger(parInitiale, [...premiere.mots, ...premiere.cles, ...premiere.prefixes].map((debut) => debut[0]!), motif);
    } else {
      ranger(parMot, premiere.mots, motif);
      ranger(parCle, premiere.cles, motif);
    }
  }
  /** Of those by prefix or number, the ones that can begin at this token: any where it is a number, or sounds as if it began with another letter. */
  const autresPour = ({ mot, cle, nombre }: Jeton): Motif<C>[] => (nombre !== null || (cle !== '' && cle[0] !== mot[0]) ? autres : (parInitiale.get(mot[0]!) ?? []));
  return (jetons) => {
    const touches: Touche<C>[] = [];
    const essayer = ({ places, concept, couvre, douteux }: Motif<C>, i: number): void => {
      const fin = finDuMotif(places, 0, jetons, i);
      if (fin > i) touches.push({ concept, deb: i, fin, couvre, douteux });
    };
    for (const [i, j] of jetons.entries()) {
      if (j.ponct) continue;
      const memeMot = parMot.get(j.mot) ?? [];
      for (const motif of memeMot) essayer(motif, i);
      if (j.cle !== '') for (const motif of parCle.get(j.cle) ?? []) if (!memeMot.includes(motif)) essayer(motif, i);
      for (const motif of autresPour(j)) essayer(motif, i);
    }
    return demasquer(touches);
  };
}

/** A pattern that covers ("apnée du sommeil") hides the other concepts inside it. Touches come sorted by start. */
function demasquer<C extends string>(touches: Touche<C>[]): Touche<C>[] {
  const couvrantes = touches.filter((t) => t.couvre);
  if (couvrantes.length === 0) return touches;
  let premiere = 0;
  return touches.filter((t) => {
    while (premiere < couvrantes.length && couvrantes[premiere]!.deb < t.deb - 40) premiere++;
    for (let k = premiere; k < couvrantes.length && couvrantes[k]!.deb <= t.deb; k++) {
      const c = couvrantes[k]!;
      if (c === t || c.fin < t.fin) continue;
      const plusLongue = c.fin - c.deb > t.fin - t.deb;
      if (c.concept === t.concept ? c.douteux && !t.couvre : plusLongue || !t.couvre) return false;
    }
    return true;
  });
}
