import { estFrancais } from './langue.ts';
import { lireJsonStrict, type FauteJson } from './lire-json-strict.ts';
import { schemaVote, type Vote } from './vote.ts';

/** Why an answer is a failed vote. */
export type FauteVote = FauteJson | 'refus' | 'tronque' | 'trop_long' | 'hors_schema' | 'cim10_inconnu' | 'champ_inconnu' | 'sans_hypothese' | 'autre_langue';

/** What a provider sent, before anything was judged. */
export type ReponseBrute = { texte: string; refus: boolean; tronque: boolean };

const MAX_OCTETS = 1_000_000;
/** A code of ICD-10 (WHO): a letter, two characters, and at most four after a point. */
const CIM10 = /^[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?$/u;

/**
 * Judge an answer of a voice: nothing is repaired, what breaks one rule is a failed vote.
 *
 * @param reponse what the provider sent
 * @param champs names of the fields of the fiche that was sent: an argument may cite no other
 */
export function lireVote(reponse: ReponseBrute, champs: ReadonlySet<string>): { vote: Vote } | { faute: FauteVote } {
  if (reponse.refus) return { faute: 'refus' };
  if (reponse.tronque) return { faute: 'tronque' };
  if (Buffer.byteLength(reponse.texte) > MAX_OCTETS) return { faute: 'trop_long' };
  const lu = lireJsonStrict(reponse.texte);
  if ('faute' in lu) return lu;
  const { success, data } = schemaVote.safeParse(lu.valeur);
  if (!success) return { faute: 'hors_schema' };
  const faute = fauteDeFond(data, champs);
  return faute ? { faute } : { vote: data };
}

function fauteDeFond(vote: Vote, champs: ReadonlySet<string>): FauteVote | undefined {
  if (vote.hypotheses.length === 0) return 'sans_hypothese';
  if (vote.hypotheses.some((h) => !CIM10.test(h.cim10))) return 'cim10_inconnu';
  const cites = vote.hypotheses.flatMap((h) => [...h.arguments_pour, ...h.arguments_contre]);
  if (cites.some((argument) => !champs.has(argument.champ))) return 'champ_inconnu';
  return estFrancais(textesDe(vote).join('\n')) ? undefined : 'autre_langue';
}

/** Everything a voice wrote in words; references may be titled in any language. */
function textesDe(vote: Vote): string[] {
  return [
    ...vote.hypotheses.flatMap((h) => [h.libelle, ...[...h.arguments_pour, ...h.arguments_contre].map((a) => a.texte)]),
    ...vote.informations_manquantes, ...vote.examens, ...vote.education,
    ...vote.traitements.flatMap((t) => [t.posologie, t.contre_indications]),
  ];
}
