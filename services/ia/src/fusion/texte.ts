import { NOMS_VOIX, type RoleVoix, type Urgence, type Vote } from '../voix/vote.ts';
import type { ElementDeVoix, Fusion, HypotheseFusionnee } from './fusionner.ts';

/** Sections of the synthesis, in reading order, with their French titles. */
export const SECTIONS_SYNTHESE = {
  synthese_clinique: 'Synthèse clinique',
  diagnostics_differentiels: 'Diagnostics différentiels',
  examens_paracliniques: 'Examens paracliniques',
  traitement: 'Traitement',
  education: 'Éducation',
  references: 'Références',
} as const;
export type SectionsSynthese = Record<keyof typeof SECTIONS_SYNTHESE, string>;

const NIVEAUX: Record<Urgence, string> = { rouge: 'rouge (immédiate)', orange: 'orange (dans l’heure)', jaune: 'jaune (dans la journée)', vert: 'vert' };
const MARQUE = 'SIMULATION';

/** A text that any client may render: no character of it can begin a tag or an entity (HTML Living Standard, 13.1.4). */
export function echapper(texte: string): string {
  return texte.replace(/&/gu, '&amp;').replace(/</gu, '&lt;').replace(/>/gu, '&gt;');
}

/** `texte` with the mark of a simulated provider in front, once. */
export function marquerSimulation(texte: string, simulation: boolean): string {
  return simulation && !texte.startsWith(MARQUE) ? `${MARQUE} — ${texte}` : texte;
}

const puces = (elements: readonly string[], vide = 'Rien de proposé.'): string => (elements.length > 0 ? elements.map((e) => `- ${e}`).join('\n') : vide);
const noms = (voix: readonly RoleVoix[]): string => voix.map((v) => NOMS_VOIX[v]).join(', ');
const sections = (parties: readonly (readonly [titre: string, texte: string])[]): string => parties.map(([titre, texte]) => `${titre}\n${texte}`).join('\n\n');

/** One voice's answer as a message: plain text with French titles. */
export function texteDeVoix(role: RoleVoix, vote: Vote): string {
  const hypotheses = vote.hypotheses.map((h, rang) => [
    `${rang + 1}. ${h.libelle} (${h.cim10})`,
    ...h.arguments_pour.map((a) => `   pour : ${a.texte} [${a.champ}]`),
    ...h.arguments_contre.map((a) => `   contre : ${a.texte} [${a.champ}]`),
  ].join('\n'));
  return sections([
    [`Avis de ${NOMS_VOIX[role]}`, `Urgence proposée : ${NIVEAUX[vote.urgence]}`],
    ['Diagnostics différentiels', hypotheses.join('\n')],
    ['Examens paracliniques', puces(vote.examens)],
    ['Traitement', puces(vote.traitements.map((t) => `${t.medicament} : ${t.posologie}. Contre-indications : ${t.contre_indications}`))],
    ['Éducation', puces(vote.education)],
    ['Informations manquantes', puces(vote.informations_manquantes, 'Aucune.')],
    ['Références (non vérifiées)', puces(vote.references.map((r) => `${r.titre} (${r.source})`), 'Aucune.')],
  ]);
}

/** The score of a group: an agreement between voices, never a chance of disease. */
export function accord(hypothese: HypotheseFusionnee, fusion: Fusion): string {
  const partiel = fusion.voixValides.length < fusion.voixMaison ? ', accord partiel' : '';
  return `accord entre voix : ${hypothese.voix.length}/${fusion.voixValides.length}${partiel}`;
}

const ligneHypothese = (h: HypotheseFusionnee, rang: number, fusion: Fusion): string =>
  `${rang + 1}. ${h.libelle} (${h.codes.join(', ')}) — ${accord(h, fusion)}${h.aNePasManquer ? ' — avis minoritaire à ne pas manquer' : ''}`;

/** The list of diagnoses that stands in every synthesis, whatever a model wrote. */
export const listeDiagnostics = (fusion: Fusion): string => fusion.hypotheses.map((h, rang) => ligneHypothese(h, rang, fusion)).join('\n');

const element = (e: ElementDeVoix): string => `${e.texte} (${noms(e.voix)})`;

/** The table as text: what the wording model may draw from, and nothing else. */
export function tableauEnTexte(fusion: Fusion): string {
  const hypotheses = fusion.hypotheses.flatMap((h, rang) => [
    ligneHypothese(h, rang, fusion),
    ...h.argumentsPour.map((a) => `   pour : ${a.texte}`),
    ...h.argumentsContre.map((a) => `   contre : ${a.texte}`),
  ]);
  return sections([
    ['Hypothèses', hypotheses.join('\n')],
    ['Examens', puces(fusion.examens.map((e) => e.texte))],
    ['Traitements', puces(fusion.traitements.map((t) => `${t.medicament} : ${t.posologie}. Contre-indications : ${t.contre_indications}`))],
    ['Éducation', puces(fusion.education.map((e) => e.texte))],
    ['Informations manquantes', puces(fusion.informationsManquantes.map((e) => e.texte), 'Aucune.')],
    ['Références', puces(fusion.references.map((r) => `${r.titre} (${r.source})`), 'Aucune.')],
  ]);
}

/** The six sections from the table alone, for when no model words them. */
export function sectionsDeTable(fusion: Fusion): SectionsSynthese {
  const principale = fusion.hypotheses[0];
  const pour = principale?.argumentsPour.map((a) => a.texte) ?? [];
  const manquantes = fusion.informationsManquantes.map((e) => e.texte);
  return {
    synthese_clinique: [
      `Hypothèse la plus partagée : ${principale ? `${principale.libelle} (${accord(principale, fusion)})` : 'aucune'}.`,
      ...(pour.length > 0 ? [`Arguments : ${pour.join(' ; ')}.`] : []),
      ...(manquantes.length > 0 ? [`Informations manquantes : ${manquantes.join(' ; ')}.`] : []),
    ].join('\n'),
    diagnostics_differentiels: '',
    examens_paracliniques: puces(fusion.examens.map(element)),
    traitement: puces(fusion.traitements.map((t) => `${t.medicament} : ${t.posologie}. Contre-indications : ${t.contre_indications} (${noms(t.voix)})`)),
    education: puces(fusion.education.map(element)),
    references: puces(fusion.references.map((r) => `${r.titre} (${r.source})`), 'Aucune.'),
  };
}

/** What the first line must say, most serious first; none when the voices are enough and agree. */
export function avertissements(fusion: Fusion): string[] {
  const { voixValides, voixMaison, urgence } = fusion;
  return [
    ...(voixValides.length < 2 ? [`une seule voix valide sur ${voixMaison}, sans avis croisé`] : []),
    ...(urgence.ecart ? ['les niveaux d’urgence diffèrent de deux degrés ou plus'] : []),
  ];
}

/**
 * The whole synthesis as it is stored (before `echapper`).
 * @param redaction what a model worded, or undefined when it failed: the table speaks for itself and says so
 */
export function texteSynthese(fusion: Fusion, redaction: SectionsSynthese | undefined, simulation: boolean): string {
  const { voixValides, voixMaison, urgence } = fusion;
  const alertes = avertissements(fusion);
  const parties = redaction ?? sectionsDeTable(fusion);
  const titre = `Synthèse de ${voixValides.length} voix sur ${voixMaison} (${noms(voixValides)})${voixValides.length < voixMaison ? ' — accord partiel' : ''}`;
  const entete = [
    ...(alertes.length > 0 ? [`ATTENTION, à relire en priorité : ${alertes.join(' ; ')}.`] : []),
    titre,
    `Urgence selon les voix : ${urgence.urgence ? NIVEAUX[urgence.urgence] : 'aucune voix ne s’appuie sur la fiche'}${urgence.voixSeule ? ', proposée par une seule voix' : ''}.`,
    ...(redaction ? [] : ['Rédigée sans modèle, à partir du tableau des avis.']),
  ].join('\n');
  const corps = Object.entries(SECTIONS_SYNTHESE).map(([cle, nom]) => {
    const texte = parties[cle as keyof SectionsSynthese].trim();
    if (cle === 'diagnostics_differentiels') return [nom, [listeDiagnostics(fusion), texte].filter((t) => t !== '').join('\n')] as const;
    return [cle === 'references' ? `${nom} (non vérifiées)` : nom, texte || 'Rien de proposé.'] as const;
  });
  return marquerSimulation(`${entete}\n\n${sections(corps)}`, simulation);
}
