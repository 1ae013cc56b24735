import { estDate, STATUTS, type Statut } from '@mediai/fiche';
import { invalid, type FieldErrors } from '@mediai/kit/errors';
import { FORMATS_EXPORT, type FiltresExport, type FormatExport, type NouvelExport } from './export.ts';

/** What an admin asks for, as it arrives. */
export interface SaisieExport {
  readonly export_format: string;
  readonly date_start: string;
  readonly date_end: string;
  readonly include_personal_data: boolean;
  readonly filters: { readonly status: readonly string[]; readonly age_min?: number | undefined; readonly age_max?: number | undefined; readonly sexe?: string | undefined };
}

export type DemandeExport = Pick<NouvelExport, 'export_format' | 'date_start' | 'date_end' | 'include_personal_data' | 'filters'>;

const ANNEES_MAX = 2;
const AGE_MAX = 150;

/**
 * Checks what is asked for.
 * @param jour today, `YYYY-MM-DD`, in the établissement's zone
 * @throws AppError invalid with every faulty field, those of the filters as `filters.<name>`
 */
export function lireDemandeExport(saisie: SaisieExport, jour: string): DemandeExport {
  const erreurs: FieldErrors = { ...erreursDeFormat(saisie.export_format), ...erreursDePeriode(saisie, jour), ...erreursDeFiltres(saisie.filters) };
  if (Object.keys(erreurs).length > 0) throw invalid(erreurs, 'export.invalide');
  const { status, age_min: min = null, age_max: max = null, sexe } = saisie.filters;
  const filters: FiltresExport = { status: [...new Set(status)] as Statut[], age_min: min, age_max: max, sexe: (sexe as FiltresExport['sexe']) || null };
  return { export_format: saisie.export_format as FormatExport, date_start: saisie.date_start, date_end: saisie.date_end, include_personal_data: saisie.include_personal_data, filters };
}

function erreursDeFormat(format: string): FieldErrors {
  return Object.hasOwn(FORMATS_EXPORT, format) ? {} : { export_format: [`Choix attendus : ${Object.keys(FORMATS_EXPORT).join(', ')}.`] };
}

function erreursDePeriode({ date_start: debut, date_end: fin }: SaisieExport, jour: string): FieldErrors {
  const erreurs: FieldErrors = {};
  for (const [nom, date] of [['date_start', debut], ['date_end', fin]] as const) {
    if (date === '') erreurs[nom] = ['Ce champ est obligatoire.'];
    else if (!estDate(date)) erreurs[nom] = ['Une date valide est attendue (AAAA-MM-JJ).'];
    else if (date > jour) erreurs[nom] = ["Cette date ne peut être après aujourd'hui."];
  }
  if (Object.keys(erreurs).length > 0) return erreurs;
  if (debut > fin) return { date_end: ['La date de fin ne peut précéder la date de début.'] };
  if (fin > apres(debut, ANNEES_MAX)) return { date_end: ['La période ne peut dépasser deux ans.'] };
  return {};
}

/** The same day some years later; 29 February becomes the 1st of March. */
const apres = (date: string, annees: number): string => new Date(Date.UTC(Number(date.slice(0, 4)) + annees, Number(date.slice(5, 7)) - 1, Number(date.slice(8)))).toISOString().slice(0, 10);

function erreursDeFiltres({ status, age_min: min, age_max: max, sexe }: SaisieExport['filters']): FieldErrors {
  const erreurs: FieldErrors = {};
  if (status.some((un) => !Object.hasOwn(STATUTS, un))) erreurs['filters.status'] = [`Choix attendus : ${Object.keys(STATUTS).join(', ')}.`];
  for (const [nom, age] of [['age_min', min], ['age_max', max]] as const) {
    if (age !== undefined && !(Number.isInteger(age) && age >= 0 && age <= AGE_MAX)) erreurs[`filters.${nom}`] = [`Un nombre entier de 0 à ${AGE_MAX} est attendu.`];
  }
  if (min !== undefined && max !== undefined && min > max) erreurs['filters.age_max'] ??= ["L'âge maximal ne peut être inférieur à l'âge minimal."];
  if (sexe !== undefined && sexe !== '' && sexe !== 'M' && sexe !== 'F') erreurs['filters.sexe'] = ['Choix attendus : M, F.'];
  return erreurs;
}
