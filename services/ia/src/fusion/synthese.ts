import { z } from 'zod';
import { estFrancais } from '../voix/langue.ts';
import { lireJsonStrict } from '../voix/lire-json-strict.ts';
import type { ReponseBrute } from '../voix/lire-vote.ts';
import { groupeCim10 } from './groupes-cim10.ts';
import type { SectionsSynthese } from './texte.ts';

/** What the wording model is asked for. */
export const schemaSynthese = z.strictObject({
  synthese_clinique: z.string(),
  diagnostics_differentiels: z.string(),
  examens_paracliniques: z.string(),
  traitement: z.string(),
  education: z.string(),
  references: z.string(),
});

const MAX_OCTETS = 200_000;
const CODE = /\b[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\b/gu;
const QUANTITE = /(\d+(?:[.,]\d+)?)\s*(mg|µg|mcg|g|kg|ml|l|ui|%|gouttes?|comprimés?|gélules?|ampoules?|jours?|heures?|h|semaines?|mois|fois)(?:\s*\/\s*(kg|j|jour|h|ml|dose|prise))?(?![\p{L}\d])/giu;

/**
 * Read what the wording model wrote. It may add nothing to the table: a group of diagnoses or a quantity with its unit
 * that is not there makes the whole wording invalid.
 *
 * @param reponse what the provider sent
 * @param tableau the table that it was given, as text
 * @returns the sections, or undefined: the table is then shown as it is
 */
export function lireSynthese(reponse: ReponseBrute, tableau: string): SectionsSynthese | undefined {
  if (reponse.refus || reponse.tronque || Buffer.byteLength(reponse.texte) > MAX_OCTETS) return undefined;
  const lu = lireJsonStrict(reponse.texte);
  const { data } = 'faute' in lu ? { data: undefined } : schemaSynthese.safeParse(lu.valeur);
  if (!data) return undefined;
  const texte = Object.values(data).join('\n');
  return data.synthese_clinique.trim() !== '' && estFrancais(texte) && najouteRien(texte, tableau) ? data : undefined;
}

function najouteRien(texte: string, tableau: string): boolean {
  const groupes = (t: string): Set<string> => new Set([...t.matchAll(CODE)].map(([code]) => groupeCim10(code).cle));
  const quantites = (t: string): Set<string> => new Set([...t.matchAll(QUANTITE)].map(([, nombre, unite, par]) => `${nombre?.replace(',', '.')} ${unite?.toLowerCase().replace(/s$/u, '')} ${par?.toLowerCase() ?? ''}`));
  return isSubset(groupes(texte), groupes(tableau)) && isSubset(quantites(texte), quantites(tableau));
}

const isSubset = (part: Set<string>, tout: Set<string>): boolean => [...part].every((e) => tout.has(e));
