import { invalid, type FieldErrors } from '@mediai/kit/errors';

type Corps = Record<string, unknown>;

const vide = (valeur: unknown): boolean => valeur === undefined || valeur === null || valeur === '';
const AGE_MAX = 150;

/**
 * What an admin asks to export, as a message; what is written otherwise than it should be is refused by name. Unknown
 * filters are ignored, `""` and null are no filter, a status alone may stand for a list. What the values mean is consultation's to judge.
 */
export function readExport(corps: Corps) {
  const erreurs: FieldErrors = {};
  const texte = (nom: string): string => {
    const valeur = corps[nom];
    if (vide(valeur)) return '';
    if (typeof valeur === 'string') return valeur;
    erreurs[nom] = ['Un texte est attendu.'];
    return '';
  };
  const demande = {
    exportFormat: texte('export_format') || 'csv',
    dateStart: texte('date_start'),
    dateEnd: texte('date_end'),
    includePersonalData: booleen(corps['include_personal_data'], erreurs),
    filtres: filtres(corps['filters'], erreurs),
  };
  if (Object.keys(erreurs).length > 0) throw invalid(erreurs);
  return demande;
}

function booleen(valeur: unknown, erreurs: FieldErrors): boolean {
  if (vide(valeur) || valeur === false || valeur === 'false') return false;
  if (valeur === true || valeur === 'true') return true;
  erreurs['include_personal_data'] = ['true ou false est attendu.'];
  return false;
}

function filtres(saisis: unknown, erreurs: FieldErrors) {
  if (vide(saisis)) return { status: [] };
  if (typeof saisis !== 'object' || Array.isArray(saisis)) {
    erreurs['filters'] = ['Un objet est attendu.'];
    return { status: [] };
  }
  const { status, age_min: min, age_max: max, sexe } = saisis as Corps;
  return { status: textes(status, erreurs), ageMin: age('age_min', min, erreurs), ageMax: age('age_max', max, erreurs), sexe: un(sexe, erreurs) };
}

function textes(valeur: unknown, erreurs: FieldErrors): string[] {
  if (vide(valeur)) return [];
  const liste = typeof valeur === 'string' ? valeur.split(',').map((mot) => mot.trim()) : valeur;
  if (Array.isArray(liste) && liste.length <= 20 && liste.every((mot) => typeof mot === 'string' && mot.isWellFormed())) return liste as string[];
  erreurs['filters.status'] = ['Une liste de statuts est attendue.'];
  return [];
}

function age(nom: string, valeur: unknown, erreurs: FieldErrors): number | undefined {
  if (vide(valeur)) return undefined;
  const nombre = typeof valeur === 'string' && /^\d{1,3}$/.test(valeur) ? Number(valeur) : valeur;
  if (typeof nombre === 'number' && Number.isInteger(nombre) && nombre >= 0 && nombre <= AGE_MAX) return nombre;
  erreurs[`filters.${nom}`] = [`Un nombre entier de 0 à ${AGE_MAX} est attendu.`];
  return undefined;
}

function un(valeur: unknown, erreurs: FieldErrors): string | undefined {
  if (vide(valeur)) return undefined;
  if (typeof valeur === 'string' && valeur.isWellFormed()) return valeur;
  erreurs['filters.sexe'] = ['Choix attendus : M, F.'];
  return undefined;
}
