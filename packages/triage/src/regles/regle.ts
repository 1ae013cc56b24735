import type { Bande } from '../age.ts';
import type { Cas } from '../cas.ts';
import type { Concept } from '../lexique.ts';
import type { Urgence } from '../modele.ts';
import { RIEN, fait, ou } from '../preuve.ts';
import type { Preuve } from '../preuve.ts';

/** How well the source is known to the writer: read in a copy, told second hand, or from memory (recheck before citing). */
export type Surete = 'lu' | 'seconde_main' | 'memoire';
export type Source = { document: string; section: string; surete: Surete };
export type Niveau = Exclude<Urgence, 'vert'>;

/** A limit on a measure: fires when the value is below (`<`, `<=`) or above (`>`, `>=`) it, in these age bands. */
export type Seuil = { champ: 'temperature' | 'spo2' | 'pouls' | 'fr' | 'tas' | 'tad'; sens: '<' | '<=' | '>' | '>='; valeur: number; niveau: Niveau; bandes: readonly Bande[] };
/** One way for a row to fire; the highest that holds wins. A doubtful one counts one class lower and asks. */
export type Volet = { niveau: Niveau; preuve: Preuve };

/**
 * One row of the table. `signes`: findings of the text that fire it at `niveau` for anybody; `seuils`: limits on measures; `volets`:
 * whatever needs more than one thing. `qui` and `condition` say the same in words for the clinician who signs.
 * `question`: what to ask when the text can be read both ways.
 */
export type Regle<C extends string = string> = {
  code: C; libelle: string; qui: string; condition: string; niveau: Niveau; sources: readonly Source[];
  signes?: readonly Concept[]; seuils?: readonly Seuil[]; volets?: (cas: Cas) => Volet[]; question?: string; ecart?: string;
};

/** Declares a row; its code becomes part of the union of codes. */
export function regle<const C extends string>(definition: Regle<C>): Regle<C> {
  return definition;
}

const CHAMPS = { temperature: 'temperature', spo2: 'spo2', pouls: 'pouls', fr: 'frequence_respiratoire', tas: 'tension_arterielle', tad: 'tension_arterielle' } as const;

/** Name of the field of the fiche that holds a measure. */
export const champDe = (mesure: Seuil['champ']): string => CHAMPS[mesure];

/** Evidence of a measure, written as the fiche writes it. */
export function mesure(cas: Cas, champ: Seuil['champ']): Preuve {
  const valeur = cas.mesures[champ];
  if (valeur === null) return RIEN;
  return fait(CHAMPS[champ], champ === 'tas' || champ === 'tad' ? `${cas.mesures.tas}/${cas.mesures.tad}` : String(valeur).replace('.', ','));
}

function franchit(valeur: number, { sens, valeur: borne }: Seuil): boolean {
  if (sens === '<') return valeur < borne;
  if (sens === '<=') return valeur <= borne;
  return sens === '>' ? valeur > borne : valeur >= borne;
}

/** Evidence that one of these limits is crossed, at the patient's age. */
export function seuilsFranchis(cas: Cas, seuils: readonly Seuil[]): Volet[] {
  return seuils.filter((s) => cas.mesures[s.champ] !== null && s.bandes.some((b) => cas.bandes.includes(b)) && franchit(cas.mesures[s.champ]!, s))
    .map((s) => ({ niveau: s.niveau, preuve: mesure(cas, s.champ) }));
}

/** All the ways in which a row fires on a case. */
export function volets(r: Regle, cas: Cas): Volet[] {
  return [
    ...(r.signes === undefined ? [] : [{ niveau: r.niveau, preuve: cas.lecture.signe(...r.signes) }]),
    ...seuilsFranchis(cas, r.seuils ?? []),
    ...(r.volets?.(cas) ?? []),
  ].filter((v) => v.preuve.force > 0);
}

export const TOUS_AGES: readonly Bande[] = ['moins_2_mois', '2_11_mois', '1_4_ans', '5_11_ans', '12_ans_et_plus'];
export const ADULTES: readonly Bande[] = ['12_ans_et_plus'];
export { ou };

/** The published sources, by what is cited of them. */
export const SOURCES = {
  iittAdulte: (section: string): Source => ({ document: 'Interagency Integrated Triage Tool (WHO, ICRC, MSF), 12 ans et plus', section, surete: 'lu' }),
  iittEnfant: (section: string): Source => ({ document: 'Interagency Integrated Triage Tool (WHO, ICRC, MSF), moins de 12 ans', section, surete: 'memoire' }),
  etat: (section: string): Source => ({ document: 'WHO Paediatric Emergency Triage, Assessment and Treatment (ETAT), 2016', section, surete: 'seconde_main' }),
  imci: (section: string): Source => ({ document: 'WHO IMCI (PCIME), livret de fiches', section, surete: 'seconde_main' }),
  nourrisson: (section: string): Source => ({ document: 'WHO, management of the sick young infant (IMCI 2019; 2024)', section, surete: 'seconde_main' }),
  news2: (section: string): Source => ({ document: 'Royal College of Physicians, NEWS2 (2017)', section, surete: 'lu' }),
  mcpc: (section: string): Source => ({ document: 'WHO, Managing Complications in Pregnancy and Childbirth (MCPC), 2017', section, surete: 'memoire' }),
} as const;
