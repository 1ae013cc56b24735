import { construireCas } from './cas.ts';
import type { Cas } from './cas.ts';
import { unCranDessous, urgencePlusHaute } from './modele.ts';
import type { FicheTriage, Urgence, ValeurAVerifier } from './modele.ts';
import { REGLES } from './regles/index.ts';
import type { CodeSigne } from './regles/index.ts';
import type { ResultatTriage, SigneAlerte } from './resultat.ts';
import { volets } from './regles/regle.ts';
import type { Regle, Volet } from './regles/regle.ts';

/** Version of the rules, the lexicon and the thresholds together: a change of any of them is a new version. */
export const TRIAGE_VERSION = '1.1.0';

const RANG: Record<Urgence, number> = { rouge: 3, orange: 2, jaune: 1, vert: 0 };
/** Doubtful evidence counts one class lower; in a row of red signs a doubtful orange stays orange. */
const niveauDe = (regle: Regle, { niveau, preuve }: Volet): Urgence => (preuve.force === 2 || (regle.niveau === 'rouge' && niveau === 'orange') ? niveau : unCranDessous(niveau));
const sourceDe = (regle: Regle): string => regle.sources.map((s) => `${s.document}, ${s.section}`).join(' ; ');

/** What a row says of a case: its highest way of firing; a doubtful one carries its question. */
function appliquer(regle: Regle<CodeSigne>, cas: Cas): { signe: SigneAlerte; question: ValeurAVerifier | null } | null {
  const tires = volets(regle, cas);
  const premier = tires.toSorted((a, b) => RANG[niveauDe(regle, b)] - RANG[niveauDe(regle, a)] || b.preuve.force - a.preuve.force)[0];
  if (premier === undefined) return null;
  const doute = premier.preuve.force === 1;
  const question = regle.question ?? 'Ce signe est-il présent ?';
  return {
    signe: {
      code: regle.code, libelle: doute ? `${regle.libelle} : à confirmer. ${question}` : regle.libelle, niveau: niveauDe(regle, premier),
      source: sourceDe(regle), champs: premier.preuve.champs, valeur: premier.preuve.valeur,
    },
    question: doute ? { champ: premier.preuve.champs[0] ?? 'motif_consultation', valeur: premier.preuve.valeur ?? '', motif: question } : null,
  };
}

/**
 * Triage of a fiche by the table of rules. In: any part of a fiche and the instant of reading (age, years). Out: the class, the rows
 * that fired (highest first), the vital signs that lack, the values and phrases to ask again, the partial NEWS2. Pure, deterministic,
 * linear in the length of the texts; never throws for what is missing or wrong in the fiche.
 */
export function triage(fiche: FicheTriage, contexte: { maintenant: Date }): ResultatTriage {
  const cas = construireCas(fiche, contexte.maintenant);
  const tires = REGLES.map((regle) => appliquer(regle, cas)).filter((t) => t !== null);
  const signes = tires.map((t) => t.signe).toSorted((a, b) => RANG[b.niveau] - RANG[a.niveau]);
  const questions = tires.map((t) => t.question).filter((q) => q !== null);
  const vues = new Set<string>();
  return {
    urgence: signes.reduce<Urgence>((haute, s) => urgencePlusHaute(haute, s.niveau), 'vert'),
    signes_alerte: signes,
    signes_vitaux_manquants: cas.vitauxManquants,
    valeurs_a_verifier: [...cas.aVerifier, ...questions].filter((v) => { const cle = `${v.champ}|${v.motif}`; return !vues.has(cle) && vues.add(cle); }),
    news2: cas.news2,
    triage_version: TRIAGE_VERSION,
  };
}
