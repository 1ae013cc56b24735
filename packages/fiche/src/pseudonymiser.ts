import type { Champ } from './champ.ts';
import { CHAMPS } from './champs.ts';
import type { FicheValeurs } from './valeurs.ts';

/** One clinical value that may leave the house. */
export interface LigneClinique {
  readonly champ: string;
  readonly libelle: string;
  readonly section: string;
  readonly valeur: string;
}

const NOMS: readonly (keyof FicheValeurs)[] = ['nom', 'postnom', 'prenom', 'contact_nom'];
/** Eight digits or more, however they are grouped, with an optional country prefix. */
const TELEPHONE = /(?<![\p{L}\d])(?:\+|00)?\d(?:[ .\-/()]{0,2}\d){7,14}(?![\p{L}\d])/gu;
const COURRIEL = /[\p{L}\d._%+-]+@[\p{L}\d.-]+\.\p{L}{2,}/gu;
const JETON = /[\p{L}\p{M}\d]+(?:['’-][\p{L}\p{M}\d]+)*/gu;
/** First and family names that are also words: they are hidden only where they are written as a name (capital inside a sentence). */
const MOTS_COURANTS = new Set(['patient', 'grace', 'divine', 'bien', 'merveille', 'espoir', 'plamedi', 'fils', 'rose', 'gloire', 'beni', 'benie', 'joie', 'bonheur', 'victoire', 'paix', 'esther', 'dieu', 'ange', 'chance', 'precieux', 'precieuse', 'douce', 'sage', 'juste', 'prince', 'noel', 'pascal', 'fort', 'petit', 'grand', 'mort', 'sein', 'coeur', 'main', 'pied']);

const plier = (texte: string): string => texte.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * Remove phones, e-mail addresses and this fiche's own names from a free text, by whole token.
 *
 * A name that is also an ordinary word ("Patient", "Grâce") is left where it starts a clause or is written small:
 * "Patient fébrile" stays whole, "avec Patient depuis hier" does not.
 *
 * @param texte what was typed
 * @param noms the names of this fiche, as typed
 */
export function masquerTexte(texte: string, noms: readonly string[]): string {
  const interdits = new Set(noms.flatMap((n) => n.match(JETON) ?? []).map(plier).filter((n) => n.length > 1));
  const sansNumeros = texte.replace(COURRIEL, '[courriel]').replace(TELEPHONE, '[téléphone]');
  return sansNumeros.replace(JETON, (jeton: string, position: number) => {
    const plie = plier(jeton);
    if (!interdits.has(plie) && !plie.split(/['’-]/u).some((part) => part.length > 2 && interdits.has(part) && !MOTS_COURANTS.has(part))) return jeton;
    if (MOTS_COURANTS.has(plie) && !estNomPropre(jeton, sansNumeros, position)) return jeton;
    return '[nom]';
  });
}

function estNomPropre(jeton: string, texte: string, position: number): boolean {
  if (!/^\p{Lu}/u.test(jeton)) return false;
  const avant = texte.slice(0, position).trimEnd();
  return avant !== '' && !/[.!?:;\n«"(-]$/u.test(avant);
}

/**
 * The clinical content of a fiche without what identifies a person: names, phones, addresses, occupation, birth date,
 * contact and dossier number stay in the house; age and sex go.
 *
 * @param valeurs the fiche
 * @param age age as text with its unit ("34 ans", "5 mois", "12 jours")
 * @returns lines in the order of the paper fiche; empty values and unticked boxes are left out
 */
export function pseudonymiser(valeurs: Partial<FicheValeurs>, age: string): LigneClinique[] {
  const source = valeurs as Record<string, string | number | boolean | null | undefined>;
  const noms = NOMS.map((n) => source[n]).filter((n): n is string => typeof n === 'string');
  const lignes: LigneClinique[] = [];
  for (const champ of CHAMPS as readonly Champ[]) {
    if (champ.identite || champ.nom === 'etat_civil' || champ.section === 'accompagnement' || champ.section === 'divers') continue;
    const valeur = champ.nom === 'age' ? age : enTexte(champ, source[champ.nom], noms);
    if (valeur !== null && valeur !== '') lignes.push({ champ: champ.nom, libelle: champ.libelle, section: champ.section, valeur });
  }
  return lignes;
}

function enTexte(champ: Champ, valeur: string | number | boolean | null | undefined, noms: readonly string[]): string | null {
  if (valeur === null || valeur === undefined || valeur === false || valeur === '') return null;
  if (valeur === true) return 'oui';
  if (champ.type === 'choix') return champ.choix?.find((c) => c.valeur === valeur)?.libelle ?? String(valeur);
  if (typeof valeur === 'number') return champ.unite ? `${String(valeur).replace('.', ',')} ${champ.unite}` : String(valeur);
  const texte = masquerTexte(valeur, noms);
  return champ.unite ? `${texte} ${champ.unite}` : texte;
}

/**
 * Age with the unit that a clinician would use: days under 2 months, months under 5 years, else years.
 * @param naissance `YYYY-MM-DD`
 * @param jour `YYYY-MM-DD`
 */
export function ageLisible(naissance: string, jour: string): string {
  const jours = Math.floor((Date.parse(`${jour}T00:00:00Z`) - Date.parse(`${naissance}T00:00:00Z`)) / 86_400_000);
  if (jours < 61) return `${jours} jour${jours > 1 ? 's' : ''}`;
  const mois = (Number(jour.slice(0, 4)) - Number(naissance.slice(0, 4))) * 12 + Number(jour.slice(5, 7)) - Number(naissance.slice(5, 7)) - (jour.slice(8) < naissance.slice(8) ? 1 : 0);
  return mois < 60 ? `${mois} mois` : `${Math.floor(mois / 12)} ans`;
}
