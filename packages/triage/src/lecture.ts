import { DANGEREUX_MEME_RESOLU, chercher } from './lexique.ts';
import type { Concept } from './lexique.ts';
import type { FicheTriage } from './modele.ts';
import { RIEN, ou, unDes } from './preuve.ts';
import type { Preuve } from './preuve.ts';
import { lireContexte } from './texte/contexte.ts';
import type { Etat, Lecteur } from './texte/contexte.ts';
import { estLisible } from './texte/lisibilite.ts';
import { PASSE } from './texte/mots.ts';
import type { Jeton } from './texte/normaliser.ts';
import { extrait, lirePhrases } from './texte/phrases.ts';
import type { Phrase } from './texte/phrases.ts';

/** A finding written somewhere, and how it is meant. */
export type Trouvaille = { concept: Concept; etat: Etat; champ: string; extrait: string; phrase: Phrase; deb: number; fin: number };

/** `recit`: the complaint, must be readable; `libre`: other words of the patient, read, must be readable when long; the rest: shorthand is allowed. */
type Nature = 'recit' | 'libre' | 'examen' | 'passe' | 'hypothese';

/** Text fields, and what each is for: complaints and examination are of now, antecedents of the past. The médecin's own answer is not read. */
export const CHAMPS_TEXTE = {
  motif_consultation: 'recit', histoire_maladie: 'recit', preoccupations: 'libre', attentes: 'libre', comprehension: 'libre', engagement: 'libre', observations_importantes: 'libre',
  hypothese_patient_medecin: 'libre', hypothese_patient: 'libre', par_quoi: 'examen', etat_general: 'examen', details_medicaments: 'examen',
  activite_physique_detail: 'examen', alimentation_habituelle: 'examen', tete: 'examen', cou: 'examen', paroi_thoracique: 'examen', poumons: 'examen', coeur: 'examen',
  epigastre_hypochondres: 'examen', peri_ombilical_flancs: 'examen', hypogastre_fosses_iliaques: 'examen', membres: 'examen', colonne_bassin: 'examen', examen_gynecologique: 'examen',
  autres_antecedents: 'passe', analyses_proposees: 'hypothese',
} as const satisfies Partial<Record<keyof FicheTriage, Nature>>;

/** Everything that the texts of a fiche say. `illisibles`: fields that are not French, Swahili or Lingala as far as can be told. */
export type Lecture = { trouvailles: Trouvaille[]; illisibles: string[]; recitLu: boolean; signe: (...concepts: Concept[]) => Preuve };

/** Evidence weight of a statement: over is still evidence for what stays dangerous, else a question. */
function force({ etat, concept }: Trouvaille): 0 | 1 | 2 {
  if (etat === 'affirme') return 2;
  if (etat === 'resolu') return DANGEREUX_MEME_RESOLU.has(concept) ? 2 : 1;
  return etat === 'ambigu' ? 1 : 0;
}

export const preuveDe = (t: Trouvaille): Preuve => (force(t) === 0 ? RIEN : { force: force(t), champs: [t.champ], valeur: t.extrait });

/** "Tombée enceinte il y a 3 mois" is now: only a year, years ago or a field of the past ends a pregnancy. */
function estGrossesseRecente({ jetons }: Phrase, nature: string): boolean {
  return nature !== 'passe' && !jetons.some((j) => PASSE.has(j.mot) || /^((19|20)\d\d|ans?|annees?)$/.test(j.mot));
}

/** From how many words on a text must be recognised as one that can be read. */
const MOTS_A_RECONNAITRE: Record<Nature, number> = { recit: 1, libre: 5, examen: Infinity, passe: Infinity, hypothese: Infinity };

/** Reads all text fields and messages once. */
export function lireTextes(fiche: FicheTriage, lecteur: Omit<Lecteur, 'champ'>): Lecture {
  const trouvailles: Trouvaille[] = [];
  const illisibles: string[] = [];
  let recitLu = false;
  const lire = (champ: string, texte: unknown, nature: Nature): void => {
    if (typeof texte !== 'string' || texte.trim() === '') return;
    const phrases = lirePhrases(champ, texte);
    const propre: Lecteur = { ...lecteur, champ: nature === 'passe' || nature === 'hypothese' ? nature : 'present' };
    const compris = new Set<Jeton>();
    for (const phrase of phrases) {
      for (const { concept, deb, fin, douteux } of chercher(phrase.jetons)) {
        for (let k = deb; k < fin; k++) compris.add(phrase.jetons[k]!);
        const lu = lireContexte(phrase, deb, fin, propre);
        const etat = lu === 'passe' && concept === 'grossesse' && estGrossesseRecente(phrase, nature) ? 'ambigu' : lu;
        trouvailles.push({ concept, etat: douteux && (etat === 'affirme' || etat === 'resolu') ? 'ambigu' : etat, champ, extrait: extrait(phrase, deb, fin), phrase, deb, fin });
      }
    }
    if (!estLisible(texte, phrases, compris, MOTS_A_RECONNAITRE[nature])) illisibles.push(champ);
    else if (nature === 'recit') recitLu = true;
  };
  for (const [champ, nature] of Object.entries(CHAMPS_TEXTE)) lire(champ, fiche[champ as keyof typeof CHAMPS_TEXTE], nature);
  for (const message of fiche.messages ?? []) lire('messages', message, 'libre');
  const parConcept = new Map([...Map.groupBy(trouvailles, (t) => t.concept)].map(([concept, liste]) => [concept, unDes(liste.map(preuveDe))]));
  return { trouvailles, illisibles, recitLu, signe: (...concepts) => ou(...concepts.map((c) => parConcept.get(c) ?? RIEN)) };
}

/** A finding qualified in its own statement: "céphalées … intenses", "vomit du sang … beaucoup". */
export function qualifie(lecture: Lecture, concepts: Concept[], qualificatifs: Concept[]): Preuve {
  const phrases = new Set(lecture.trouvailles.filter((t) => qualificatifs.includes(t.concept) && force(t) === 2).map((t) => t.phrase));
  return unDes(lecture.trouvailles.filter((t) => concepts.includes(t.concept) && phrases.has(t.phrase)).map(preuveDe));
}

/** The finding in at least one statement that does not qualify it so: "saigne" beside "quelques traces de sang". */
export function sansQualificatif(lecture: Lecture, concepts: Concept[], qualificatifs: Concept[]): Preuve {
  const phrases = new Set(lecture.trouvailles.filter((t) => qualificatifs.includes(t.concept) && t.etat === 'affirme').map((t) => t.phrase));
  return unDes(lecture.trouvailles.filter((t) => concepts.includes(t.concept) && !phrases.has(t.phrase)).map(preuveDe));
}
