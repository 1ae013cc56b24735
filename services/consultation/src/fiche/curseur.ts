import { curseurInvalide } from '@mediai/kit/page';
import type { Fiche } from './fiche.ts';
import { RANG_URGENCE } from './fiche.ts';

export const ORDRES_FICHES = ['created_at', '-created_at', 'urgence', '-urgence'] as const;
/** How fiches are listed: by creation, or by urgency and then creation; `-` for the newest or most urgent first. */
export type OrdreFiches = (typeof ORDRES_FICHES)[number];

/** The place of a fiche in an ordered list: reading goes on behind it. */
export interface Curseur {
  readonly ordre: OrdreFiches;
  /** Rank of its urgency. */
  readonly rang: number;
  readonly created_at: Date;
  readonly id: number;
}

/** The place behind a fiche, as an opaque text for links. */
export function ecrireCurseur(ordre: OrdreFiches, fiche: Pick<Fiche, 'id' | 'created_at' | 'urgence'>): string {
  return Buffer.from(JSON.stringify([ordre, RANG_URGENCE[fiche.urgence], fiche.created_at.getTime(), fiche.id])).toString('base64url');
}

/**
 * Reads a cursor of `ecrireCurseur`. It names a place and gives no right: what is listed behind it is filtered as ever.
 * @param ordre order of the list, where one was asked for: a cursor belongs to one order
 * @throws AppError invalid `pagination.curseur_invalide` for any other text
 */
export function lireCurseur(texte: string, ordre: OrdreFiches | undefined): Curseur {
  const lu = enJson(texte);
  if (!Array.isArray(lu) || lu.length !== 4) throw curseurInvalide();
  const [ordreLu, rang, instant, id] = lu as unknown[];
  const connu = ORDRES_FICHES.find((un) => un === ordreLu);
  const created_at = new Date(typeof instant === 'number' ? instant : Number.NaN);
  const estPlace = Number.isInteger(rang) && (rang as number) >= 0 && (rang as number) <= 3 && Number.isInteger(id) && Math.abs(id as number) <= 2_147_483_647;
  const annee = created_at.getUTCFullYear();
  if (!connu || (ordre !== undefined && ordre !== connu) || !estPlace || !(annee >= 1900 && annee <= 9999)) throw curseurInvalide();
  return { ordre: connu, rang: rang as number, created_at, id: id as number };
}

function enJson(texte: string): unknown {
  try {
    return texte.length > 200 ? undefined : JSON.parse(Buffer.from(texte, 'base64url').toString('utf8'));
  } catch {
    return undefined; // told by the caller, as any text that is no cursor
  }
}
