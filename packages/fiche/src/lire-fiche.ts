import type { Champ } from './champ.ts';
import { CHAMPS } from './champs.ts';
import { refus } from './refus.ts';
import type { FicheValeurs } from './valeurs.ts';

/** French messages by field name, as a problem document carries them. */
export type ErreursParChamp = Record<string, string[]>;

export interface LectureFiche {
  /** What was understood: a field that was not sent is absent, one that was emptied is null. */
  readonly valeurs: Partial<FicheValeurs>;
  readonly erreurs: ErreursParChamp;
}

/** Older forms' spellings of a choice that are read as the current one. */
const CHOIX_ANCIENS = new Map([['Veuf/Veuve', 'Veuf(ve)']]);
const VRAI = new Set<unknown>([true, 1, '1', 'true', 'True', 'oui', 'Oui', 'on']);
const FAUX = new Set<unknown>([false, 0, '0', 'false', 'False', 'non', 'Non', 'off']);
const INT32_MAX = 2_147_483_647;
const AGE_MAX = 150;
/** Nobody who is asked about was born before it, nor more than so many years ago. */
const PREMIER_JOUR = '1900-01-01';
const ANNEES_MAX = 130;
/** Nothing that shows: spaces of every kind, and signs without a form (zero width, direction). */
const VIDE = /^[\s\p{Cf}]*$/u;

type Lu = { valeur: string | number | boolean | null } | { erreur: string };

/**
 * Read the body of a POST, PUT or PATCH of a fiche as an existing client sends it.
 *
 * @param corps JSON object; unknown members are ignored, `""` is null where optional, a comma decimal is read.
 * @param options.complet true for POST and PUT: required fields must be present; false for PATCH.
 * @param options.defauts true for POST: absent fields get the table's defaults, else null.
 * @param champs the table of fields.
 * @returns what was understood and the French refusals by field; nothing may be stored when there is a refusal.
 */
export function lireFiche(corps: Record<string, unknown>, options: { complet: boolean; defauts: boolean }, champs: readonly Champ[] = CHAMPS): LectureFiche {
  const valeurs: Record<string, string | number | boolean | null> = {};
  const erreurs: ErreursParChamp = {};
  const source = avecAlias(corps);
  for (const champ of champs) {
    const brut = source[champ.nom];
    if (brut === undefined) {
      if (champ.requis && options.complet) erreurs[champ.nom] = [refus.obligatoire(champ)];
      else if (options.defauts) valeurs[champ.nom] = champ.defaut ?? null;
      continue;
    }
    const lu = lireChamp(champ, brut);
    if ('erreur' in lu) erreurs[champ.nom] = [lu.erreur];
    else valeurs[champ.nom] = lu.valeur;
  }
  return { valeurs: valeurs as Partial<FicheValeurs>, erreurs };
}

/** `hypothese_patient`, which older clients post, is read as `hypothese_patient_medecin` when that is empty. */
function avecAlias(corps: Record<string, unknown>): Record<string, unknown> {
  const actuelle = corps['hypothese_patient_medecin'];
  return (actuelle === undefined || estVide(actuelle)) && corps['hypothese_patient'] !== undefined ? { ...corps, hypothese_patient_medecin: corps['hypothese_patient'] } : corps;
}

/** True for what a client sends of a field that it left empty. */
export const estVide = (brut: unknown): brut is null | string => brut === null || (typeof brut === 'string' && VIDE.test(brut));

function lireChamp(champ: Champ, brut: unknown): Lu {
  if (estVide(brut)) return lireVide(champ, brut);
  switch (champ.type) {
    case 'booleen':
      return VRAI.has(brut) ? { valeur: true } : FAUX.has(brut) ? { valeur: false } : { erreur: refus.booleen(champ) };
    case 'entier':
    case 'decimal':
      return lireNombre(champ, brut);
    case 'date':
      return typeof brut === 'string' && estDate(brut) ? { valeur: brut } : { erreur: refus.date(champ) };
    case 'choix': {
      if (typeof brut === 'object') return { erreur: refus.texte(champ) };
      const ecrit = String(brut).normalize('NFC');
      const texte = CHOIX_ANCIENS.get(ecrit) ?? ecrit;
      return champ.choix?.some((c) => c.valeur === texte) ? { valeur: texte } : { erreur: refus.choix(champ, texte) };
    }
    case 'texte':
      return lireTexte(champ, brut);
  }
}

function lireVide(champ: Champ, brut: unknown): Lu {
  if (champ.nullable || champ.nom === 'age') return { valeur: null };
  if (champ.defaut !== undefined) return { valeur: champ.defaut };
  return { erreur: brut === null ? refus.nul(champ) : refus.vide(champ) };
}

function lireNombre(champ: Champ, brut: unknown): Lu {
  const lu = typeof brut === 'string' ? nombreEcrit(brut.trim().replace(',', '.')) : brut;
  const nombre = typeof lu !== 'number' || champ.type === 'decimal' ? lu : Math.round(lu);
  const lisible = typeof nombre === 'number' && Math.abs(nombre) <= INT32_MAX;
  return lisible ? { valeur: nombre || 0 } : { erreur: refus[champ.type === 'entier' ? 'entier' : 'decimal'](champ) }; // no -0
}

const nombreEcrit = (texte: string): number => (/^[+-]?\d{1,12}(\.\d{1,30})?$/.test(texte) ? Number(texte) : NaN);

function lireTexte(champ: Champ, brut: unknown): Lu {
  if (typeof brut !== 'string' && !Number.isFinite(brut)) return { erreur: refus.texte(champ) };
  const texte = String(brut);
  if (texte.includes('\0') || !texte.isWellFormed()) return { erreur: refus.caracteres(champ) };
  if (champ.max !== undefined && [...texte].length > champ.max) return { erreur: refus.max(champ, champ.max) };
  return { valeur: texte };
}

/** True for a day that exists in the calendar, written `YYYY-MM-DD`. */
export function estDate(texte: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(texte)) return false;
  const jour = new Date(`${texte}T00:00:00Z`);
  return !Number.isNaN(jour.getTime()) && jour.toISOString().startsWith(texte) && texte >= '1850-01-01';
}

/**
 * Check values again where the rule lives (the message has passed the wire as typed fields).
 *
 * @param valeurs values as stored or sent; absent fields are not looked at.
 * @param aujourdhui today in the établissement's zone, `YYYY-MM-DD`.
 * @returns French refusals by field, empty when all hold.
 */
export function verifierFiche(valeurs: Partial<FicheValeurs>, aujourdhui: string, champs: readonly Champ[] = CHAMPS): ErreursParChamp {
  const erreurs: ErreursParChamp = {};
  for (const champ of champs) {
    const valeur = (valeurs as Record<string, unknown>)[champ.nom];
    if (valeur === undefined) continue;
    const lu = lireChamp(champ, valeur);
    const erreur = 'erreur' in lu ? lu.erreur : horsBornes(champ, lu.valeur, aujourdhui);
    if (erreur !== null) erreurs[champ.nom] = [erreur];
  }
  return erreurs;
}

/** What no type says: days that have not come or are too long ago, an age that nobody has. */
function horsBornes(champ: Champ, valeur: string | number | boolean | null, aujourdhui: string): string | null {
  if (champ.type === 'date' && typeof valeur === 'string') {
    const premier = [PREMIER_JOUR, `${Number(aujourdhui.slice(0, 4)) - ANNEES_MAX}${aujourdhui.slice(4)}`].toSorted()[1]!;
    if (valeur > aujourdhui) return refus.futur(champ);
    if (valeur < premier) return refus.tropAncien(champ, premier);
  }
  if (champ.nom === 'age' && typeof valeur === 'number' && (valeur < 0 || valeur > AGE_MAX)) return refus.bornes(champ, 0, AGE_MAX);
  return null;
}

/**
 * Age in whole years.
 * @param naissance `YYYY-MM-DD`
 * @param jour `YYYY-MM-DD`, not before `naissance`
 */
export function ageEnAnnees(naissance: string, jour: string): number {
  const annees = Number(jour.slice(0, 4)) - Number(naissance.slice(0, 4));
  return jour.slice(5) < naissance.slice(5) ? annees - 1 : annees;
}
