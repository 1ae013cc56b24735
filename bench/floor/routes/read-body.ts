import { libelleSysteme, lireFiche, refus, estDate, type FicheValeurs } from '@mediai/fiche';
import { AppError, invalidNamed } from '@mediai/kit/errors';
import type { TextesMedecin } from '../../../services/consultation/src/fiche/fiche.ts';

export type Body = Record<string, unknown>;

const TEXT_MAX = 20_000;
const TEXTS = ['diagnostic', 'traitement', 'examen_complementaire', 'recommandations'] as const;

/** Schema of the result texts. */
export const textProperties = Object.fromEntries(TEXTS.map((name) => [name, { type: ['string', 'null'], maxLength: TEXT_MAX, title: libelleSysteme(name) }]));

/** What a client wrote of a new fiche. @throws AppError invalid by field */
export function readNewFiche(body: Body): Partial<FicheValeurs> {
  const { valeurs, erreurs } = lireFiche(body, { complet: true, defauts: true });
  if (Object.keys(erreurs).length > 0) throw invalidNamed(erreurs);
  return valeurs;
}

/** The result texts of a body; null empties one. @throws AppError invalid by field */
export function readTexts(body: Body): TextesMedecin {
  const texts: TextesMedecin = {};
  for (const name of TEXTS) {
    const sent = body[name];
    if (sent === undefined) continue;
    const text = sent === null ? '' : typeof sent === 'number' ? String(sent) : sent;
    if (typeof text !== 'string') throw invalidNamed({ [name]: [refus.texte({ libelle: libelleSysteme(name) })] });
    texts[name] = text;
  }
  return texts;
}

/** The médecin whom a creator chose; null, `""` and spaces are "not said". @throws AppError invalid */
export function readAssigned({ assigned_medecin: value }: Body): number | undefined {
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return undefined;
  const id = typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,10}$/.test(value.trim()) ? Number(value) : Number.NaN;
  if (!Number.isInteger(id) || id < 1 || id > 2_147_483_647) throw invalidNamed({ assigned_medecin: [refus.identifiant({ libelle: libelleSysteme('assigned_medecin') })] });
  return id;
}

/** An instant that a client wrote; without an offset it is in Africa/Lubumbashi. @throws AppError invalid naming the field */
export function readInstant(field: string, text: string): Date {
  const isIso = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}/.test(text) && estDate(text.slice(0, 10));
  const instant = new Date(/(?:[zZ]|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}+02:00`);
  if (!isIso || Number.isNaN(instant.getTime())) throw new AppError('invalid', undefined, undefined, { fields: { [field]: ['Une date et une heure valides sont attendues, au format ISO 8601.'] } });
  return instant;
}

/** `""` and null are "not said". */
export const said = <T>(value: T | null | undefined): T | undefined => (value === null || value === '' ? undefined : value);
/** Words separated by commas. */
export const words = (value: string | undefined): string[] => (value ?? '').split(',').map((word) => word.trim()).filter(Boolean);
export const isTrue = (value: string | undefined): boolean => value !== undefined && ['true', '1', 'True'].includes(value);
