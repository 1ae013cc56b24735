import type { Champ } from './champ.ts';
import { CHAMPS } from './champs.ts';
import type { FicheValeurs } from './valeurs.ts';

/** French messages by field name, as a problem document carries them. */
export type ErreursParChamp = Record<string, string[]>;

export interface LectureFiche {
  /** What was understood: a field that was not sent is absent, one that was emptied is null. */
  readonly valeurs: Partial<FicheValeurs>;
  readonly erreurs: ErreursParChamp;
}

const MESSAGES = {
  obligatoire: 'Ce champ est obligatoire.',
  nul: 'Ce champ ne peut être nul.',
  vide: 'Ce champ ne peut être vide.',
  texte: 'Un texte est attendu.',
  caracteres: 'Ce champ contient des caractères non valides.',
  booleen: 'Doit être vrai ou faux.',
  entier: 'Un nombre entier est attendu.',
  decimal: 'Un nombre est attendu.',
  date: 'Une date valide est attendue, au format AAAA-MM-JJ.',
  choix: (v: string) => `« ${v.slice(0, 40)} » n'est pas un choix valide.`,
  max: (n: number) => `Ce champ ne peut dépasser ${n} caractères.`,
} as const;

/** Older forms' spellings of a choice that are read as the current one. */
const CHOIX_ANCIENS = new Map([['Veuf/Veuve', 'Veuf(ve)']]);
const VRAI = new Set<unknown>([true, 1, '1', 'true', 'True', 'oui', 'Oui', 'on']);
const FAUX = new Set<unknown>([false, 0, '0', 'false', 'False', 'non', 'Non', 'off']);
const INT32_MAX = 2_147_483_647;

type Lu = { valeur: string | number | boolean | null } | { erreur: string };

/**
 * Read the body of a POST, PUT or PATCH of a fiche as an existing client sends it.
 *
 * @param corps JSON object; unknown members are ignored, `""` is null where optional, a comma decimal is read.
 * @param options.complet true for POST and PUT: required fields must be present; false for PATCH.
 * @param options.defauts true for POST: absent fields get the table's defaults, else null.
 * @returns what was understood and the French refusals by field; nothing may be stored when there is a refusal.
 */
export function lireFiche(corps: Record<string, unknown>, options: { complet: boolean; defauts: boolean }): LectureFiche {
  const valeurs: Record<string, string | number | boolean | null> = {};
  const erreurs: ErreursParChamp = {};
  const source = avecAlias(corps);
  for (const champ of CHAMPS as readonly Champ[]) {
    const brut = source[champ.nom];
    if (brut === undefined) {
      if (champ.requis && options.complet) erreurs[champ.nom] = [MESSAGES.obligatoire];
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
  const vide = corps['hypothese_patient_medecin'] === undefined || corps['hypothese_patient_medecin'] === null || corps['hypothese_patient_medecin'] === '';
  return vide && corps['hypothese_patient'] !== undefined ? { ...corps, hypothese_patient_medecin: corps['hypothese_patient'] } : corps;
}

function lireChamp(champ: Champ, brut: unknown): Lu {
  if (brut === null || (typeof brut === 'string' && brut.trim() === '')) return lireVide(champ, brut);
  switch (champ.type) {
    case 'booleen':
      return VRAI.has(brut) ? { valeur: true } : FAUX.has(brut) ? { valeur: false } : { erreur: MESSAGES.booleen };
    case 'entier':
    case 'decimal':
      return lireNombre(champ.type, brut);
    case 'date':
      return typeof brut === 'string' && estDate(brut) ? { valeur: brut } : { erreur: MESSAGES.date };
    case 'choix': {
      if (typeof brut === 'object') return { erreur: MESSAGES.texte };
      const texte = CHOIX_ANCIENS.get(String(brut)) ?? String(brut);
      return champ.choix?.some((c) => c.valeur === texte) ? { valeur: texte } : { erreur: MESSAGES.choix(texte) };
    }
    case 'texte':
      return lireTexte(champ, brut);
  }
}

function lireVide(champ: Champ, brut: unknown): Lu {
  if (champ.nullable || champ.nom === 'age') return { valeur: null };
  if (champ.defaut !== undefined) return { valeur: champ.defaut };
  return { erreur: brut === null ? MESSAGES.nul : MESSAGES.vide };
}

function lireNombre(type: 'entier' | 'decimal', brut: unknown): Lu {
  const message = type === 'entier' ? MESSAGES.entier : MESSAGES.decimal;
  const texte = typeof brut === 'number' ? String(brut) : typeof brut === 'string' ? brut.trim().replace(',', '.') : '';
  if (!/^[+-]?\d{1,12}(\.\d{1,12})?$/.test(texte)) return { erreur: message };
  const nombre = type === 'entier' ? Math.round(Number(texte)) : Number(texte);
  return Math.abs(nombre) <= INT32_MAX ? { valeur: nombre } : { erreur: message };
}

function lireTexte(champ: Champ, brut: unknown): Lu {
  if (typeof brut !== 'string' && typeof brut !== 'number') return { erreur: MESSAGES.texte };
  const texte = String(brut);
  if (texte.includes('\0') || !texte.isWellFormed()) return { erreur: MESSAGES.caracteres };
  if (champ.max !== undefined && [...texte].length > champ.max) return { erreur: MESSAGES.max(champ.max) };
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
export function verifierFiche(valeurs: Partial<FicheValeurs>, aujourdhui: string): ErreursParChamp {
  const erreurs: ErreursParChamp = {};
  for (const champ of CHAMPS as readonly Champ[]) {
    const valeur = (valeurs as Record<string, unknown>)[champ.nom];
    if (valeur === undefined) continue;
    const lu = lireChamp(champ, valeur);
    if ('erreur' in lu) erreurs[champ.nom] = [lu.erreur];
  }
  const naissance = valeurs.date_naissance;
  if (naissance && !erreurs['date_naissance'] && naissance > aujourdhui) {
    erreurs['date_naissance'] = ['La date de naissance ne peut être dans le futur.'];
  }
  if (typeof valeurs.age === 'number' && (valeurs.age < 0 || valeurs.age > 150)) erreurs['age'] = ["L'âge doit être compris entre 0 et 150 ans."];
  return erreurs;
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
