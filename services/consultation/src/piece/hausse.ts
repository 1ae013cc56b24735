import { ajouterSignes, plusHaute, type Changement, type Fiche, type SigneAlerte, type SOURCES_HORS_FICHE } from '../fiche/fiche.ts';
import type { Trier } from '../fiche/ports.ts';

export interface TexteAjoute {
  readonly textes: readonly string[];
  readonly source: (typeof SOURCES_HORS_FICHE)[number];
}

/** What packages/triage calls the texts beside a fiche. */
const MESSAGES = 'messages';
/** A laboratory writes in abbreviations: that these are no French says nothing of the patient. */
const ILLISIBLE = 'texte_non_analysable';

/**
 * What texts that were added under a fiche raise of it: the rules run over the fiche's values with them. Urgency only
 * rises and signs are only added, whatever they say (docs: clinical safety, "up at once, down only by a médecin").
 * @returns null where nothing rises: then nothing of the fiche is to be written
 */
export function hausseDe(fiche: Fiche, { textes, source }: TexteAjoute, trier: Trier, maintenant: Date): Changement | null {
  const lues = trier({ ...fiche, messages: textes }, maintenant);
  const trouves = lues.signes_alerte.map((signe) => ({ ...signe, champs: signe.champs.map((champ) => (champ === MESSAGES ? source : champ)) }));
  const signes = ajouterSignes(fiche.signes_alerte, source === 'lab_results' ? trouves.filter((signe) => !estIllisible(signe)) : trouves);
  const urgence_regles = plusHaute(fiche.urgence_regles, ...signes.map(({ niveau }) => niveau));
  const urgence = plusHaute(fiche.urgence, urgence_regles);
  const monte = urgence !== fiche.urgence || urgence_regles !== fiche.urgence_regles || signes.some((signe) => !fiche.signes_alerte.includes(signe));
  return monte ? { urgence, urgence_regles, signes_alerte: signes, triage_version: lues.triage_version, triage_calcule_le: maintenant } : null;
}

const estIllisible = ({ code, champs }: SigneAlerte): boolean => code === ILLISIBLE && champs.every((champ) => champ === 'lab_results');
