import { enTexte, type Colonne, type Valeur } from './colonne.ts';
import { neutraliser } from './neutraliser.ts';
import { STYLE_JOUR } from './parts-excel.ts';

/** Characters that a cell may hold. */
const TEXTE_MAX = 32_767;
const JOUR_MS = 86_400_000;
/** Day 0 of Excel's calendar, which is right from day 61 (1 March 1900) on. */
const JOUR_ZERO = Date.UTC(1899, 11, 30);
const PREMIER_JOUR_SUR = 61;
const BALISES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Name of a column: A, B, … Z, AA. */
export function nomColonne(rang: number): string {
  const reste = Math.floor(rang / 26);
  return (reste > 0 ? nomColonne(reste - 1) : '') + String.fromCharCode(65 + (rang % 26));
}

/** A text in XML: what XML cannot hold is written as `_xHHHH_` (ECMA-376, part 1, 22.9.2.19), and a text that looks so is kept. */
export function enXml(texte: string): string {
  return texte
    .slice(0, TEXTE_MAX)
    .toWellFormed()
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[\0-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]/g, (c) => `_x${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replace(/[&<>]/g, (c) => BALISES[c] ?? c);
}

const texte = (place: string, valeur: string): string => (valeur === '' ? '' : `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${enXml(neutraliser(valeur))}</t></is></c>`);

/** A cell; empty values have none. Numbers are numbers, days are days, instants are text (ISO 8601): Excel knows no zones. */
export function cellule({ type }: Pick<Colonne, 'type'>, valeur: Valeur, place: string): string {
  if (valeur === null) return '';
  if (typeof valeur === 'number') return Number.isFinite(valeur) ? `<c r="${place}"><v>${valeur}</v></c>` : '';
  if (typeof valeur === 'boolean') return `<c r="${place}" t="b"><v>${valeur ? 1 : 0}</v></c>`;
  if (type === 'date' && typeof valeur === 'string') {
    const jour = (Date.parse(`${valeur}T00:00:00Z`) - JOUR_ZERO) / JOUR_MS;
    if (jour >= PREMIER_JOUR_SUR) return `<c r="${place}" s="${STYLE_JOUR}"><v>${jour}</v></c>`;
  }
  return texte(place, enTexte(valeur));
}
