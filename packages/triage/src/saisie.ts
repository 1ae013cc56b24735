/** Reading of one typed measure. Null: nothing was given. 'illisible': something was, that is not a measure. */
const LONGUEUR_MAX = 40;
const NOMBRE = /^([+-]?\d{1,6}(?:[.,]\d{1,6})?)(.*)$/;

function texteDe(brut: unknown): string | null | 'illisible' {
  if (brut === null || brut === undefined) return null;
  if (typeof brut === 'number') return Number.isFinite(brut) ? enTexte(brut) : 'illisible';
  if (typeof brut !== 'string') return 'illisible';
  const texte = brut.normalize('NFKC').replace(/[\u200B-\u200F\u2060\uFEFF]/g, '').trim().toLowerCase();
  if (texte === '') return null;
  return texte.length > LONGUEUR_MAX ? 'illisible' : texte;
}

/** Number with a point or a comma, and nothing after it but its own unit ("38,5 °C", "38°5", "97 %"). */
export function lireNombreSaisi(brut: unknown, unite: RegExp): number | null | 'illisible' {
  if (typeof brut === 'number') return Number.isFinite(brut) ? brut : 'illisible';
  const texte = texteDe(brut);
  if (texte === null || texte === 'illisible') return texte;
  const lu = NOMBRE.exec(texte.replace(/^(\d{2})°(\d)(?:\s*c)?$/, '$1,$2'));
  if (lu === null) return 'illisible';
  const suite = lu[2]!.trim();
  return suite === '' || unite.test(suite) ? Number(lu[1]!.replace(',', '.')) : 'illisible';
}

export type Tension = { systolique: number; diastolique: number; cmHg: boolean; saisie: string };
const SYSTOLIQUE_MAX = 350;

/** "120/80", "120 / 80 mmHg"; both at most 30 is cmHg ("16/11", "12,5/8"): times ten. S must be above D. */
export function lireTension(brut: unknown): Tension | null | 'illisible' {
  const texte = texteDe(brut);
  if (texte === null || texte === 'illisible') return texte;
  const parties = texte.replace(/\s*(mmhg|mm hg|cmhg|cm hg)$/, '').split(/[/⁄∕]/).map((p) => p.trim());
  if (parties.length !== 2 || parties.some((p) => !/^\d{1,3}(?:[.,]\d)?$/.test(p))) return 'illisible';
  const [s, d] = parties.map((p) => Number(p.replace(',', '.'))) as [number, number];
  if (s <= d || s > SYSTOLIQUE_MAX) return 'illisible';
  const cmHg = s <= 30 && d <= 30;
  const facteur = cmHg ? 10 : 1;
  return { systolique: Math.round(s * facteur), diastolique: Math.round(d * facteur), cmHg, saisie: enTexte(brut).trim() };
}

/** A value as text; what is neither text nor number nor boolean has none. */
function enTexte(valeur: unknown): string {
  return typeof valeur === "object" && valeur !== null ? "[objet]" : String(valeur);
}
