import { CONDITIONS, NON_PRECISEE, type Condition, type Urgence } from './conditions.ts';
import { plier, readDossier, type Dossier } from './fiche-reader.ts';
import { findSigns, type Constats, type Preuve } from './signals.ts';

export type Voix = 'openai' | 'anthropic' | 'google';

export const MARQUE = 'SIMULATION';
const marquer = (texte: string): string => `${MARQUE} — ${texte}`;

interface Hypothese {
  readonly condition: Condition;
  readonly score: number;
}

/** How each vendor's stand-in differs: how many hypotheses, how sure, and whether the runners-up change places. */
const CARACTERES: Record<Voix, { nombre: number; assurance: number; inverse: boolean }> = {
  openai: { nombre: 3, assurance: 0.9, inverse: false },
  anthropic: { nombre: 4, assurance: 0.8, inverse: false },
  google: { nombre: 3, assurance: 0.84, inverse: true },
};
const NIVEAUX: readonly Urgence[] = ['vert', 'jaune', 'orange', 'rouge'];
const SIGNES_ROUGES = ['conscience', 'convulsions', 'desaturation', 'suicide'];
const SIGNES_ORANGE = ['dyspnee', 'hta_severe', 'hypotension', 'saignement', 'deshydratation'];
const ATTENDUS: Record<string, string> = {
  temperature: 'température', spo2: 'saturation en oxygène', tension_arterielle: 'tension artérielle', pouls: 'pouls', frequence_respiratoire: 'fréquence respiratoire',
  poids: 'poids', histoire_maladie: 'histoire de la maladie', details_medicaments: 'médicaments déjà pris', autres_antecedents: 'antécédents', medicament_allergique: 'allergies médicamenteuses',
};

const TITRES: Record<string, string> = {
  synthese_clinique: 'Synthèse clinique', diagnostics_differentiels: 'Diagnostics différentiels', examens_paracliniques: 'Examens paracliniques',
  traitement: 'Traitement', education: 'Éducation', references: 'Références',
};

/** Everything that the simulation would say about a prompt, under the names of the voice and synthesis schemas. */
export interface Reponse {
  readonly voix: Record<string, unknown>;
  readonly synthese: Record<string, string>;
  /** The same as plain French text, for requests without a schema. */
  readonly texte: string;
}

/**
 * Answer a prompt from its content: the same text gives the same answer.
 *
 * @param texte the user part of the request: lines `champ: valeur` of a fiche, or the hypotheses to put into words
 * @param voix whose stand-in answers
 */
export function answer(texte: string, voix: Voix): Reponse {
  const dossier = readDossier(texte);
  const constats = findSigns(dossier);
  const classees = rank(constats);
  const synthese = buildSynthese(dossier, constats, namedConditions(texte) ?? classees);
  return { voix: buildVoix(dossier, constats, arrange(classees, voix), voix), synthese, texte: Object.entries(synthese).map(([cle, texte]) => `## ${TITRES[cle]}\n${texte}`).join('\n\n') };
}

function rank(constats: Constats): Hypothese[] {
  const affirme = (cle: string): boolean => (constats.get(cle)?.pour.length ?? 0) > 0;
  const denie = (cle: string): boolean => !affirme(cle) && (constats.get(cle)?.contre.length ?? 0) > 0;
  const retenues = CONDITIONS.filter((c) => c.exige?.every((groupe) => groupe.some(affirme)) ?? true)
    .map((condition) => ({ condition, score: Object.entries(condition.poids).reduce((somme, [cle, poids]) => somme + (affirme(cle) ? poids : denie(cle) ? -poids / 3 : 0), 0) }))
    .filter((h) => h.score > 0)
    .sort((a, b) => b.score - a.score);
  return retenues.length > 1 ? retenues : [...retenues, { condition: NON_PRECISEE, score: 0.5 }];
}

/** Vendors part ways below the first place; on the first only when the content does not decide. */
function arrange(classees: readonly Hypothese[], voix: Voix): Hypothese[] {
  const { nombre, inverse } = CARACTERES[voix];
  const choisies = classees.slice(0, nombre);
  const [premiere, deuxieme, troisieme] = choisies;
  if (!inverse || !premiere || !deuxieme) return choisies;
  if (deuxieme.score > premiere.score * 0.95) return [deuxieme, premiere, ...choisies.slice(2)];
  return troisieme ? [premiere, troisieme, deuxieme] : choisies;
}

function buildVoix(dossier: Dossier, constats: Constats, hypotheses: readonly Hypothese[], voix: Voix): Record<string, unknown> {
  const total = hypotheses.reduce((somme, h) => somme + h.score, 0);
  const { assurance } = CARACTERES[voix];
  const conditions = hypotheses.map((h) => h.condition);
  return {
    hypotheses: hypotheses.map(({ condition, score }, rang) => ({
      libelle: condition.libelle,
      cim10: condition.cim10,
      probabilite: Number(Math.max(0.02, (score / total) * assurance - rang * 0.01).toFixed(2)),
      arguments_pour: evidence(constats, condition, 'pour', dossier),
      arguments_contre: evidence(constats, condition, 'contre', dossier),
    })),
    informations_manquantes: Object.entries(ATTENDUS).filter(([champ]) => !dossier.lignes.some((l) => l.champ === champ)).map(([, libelle]) => libelle),
    examens: unique(conditions.slice(0, 2).flatMap((c) => c.examens)),
    traitements: conditions[0]?.traitements ?? [],
    education: [marquer('texte produit par un bac à sable, sans valeur clinique'), ...unique(conditions.slice(0, 2).flatMap((c) => c.education))],
    urgence: urgence(constats, conditions),
    references: unique(conditions.flatMap((c) => c.references)).map((r) => ({ titre: marquer(r.titre), source: r.source })),
  };
}

function evidence(constats: Constats, condition: Condition, sens: 'pour' | 'contre', dossier: Dossier): Preuve[] {
  const preuves = Object.keys(condition.poids).flatMap((cle) => constats.get(cle)?.[sens] ?? []).filter((p) => p.champ !== '');
  if (preuves.length > 0 || sens === 'contre') return preuves.slice(0, 5);
  const motif = dossier.lignes.find((l) => l.champ === 'motif_consultation') ?? dossier.lignes[0];
  return motif ? [{ champ: motif.champ, texte: `tableau rapporté : ${motif.valeur.slice(0, 140)}` }] : [];
}

function urgence(constats: Constats, conditions: readonly Condition[]): Urgence {
  const present = (cle: string): boolean => (constats.get(cle)?.pour.length ?? 0) > 0;
  if (SIGNES_ROUGES.some(present)) return 'rouge';
  const principale = conditions[0]?.urgence ?? 'vert';
  return SIGNES_ORANGE.some(present) && NIVEAUX.indexOf(principale) < 2 ? 'orange' : principale;
}

/** Conditions that the prompt itself names by code or label, in its order: a synthesis adds none of its own. */
function namedConditions(texte: string): Hypothese[] | undefined {
  const plie = plier(texte);
  const positions = CONDITIONS.map((condition) => ({ condition, position: premierePosition(plie, [plier(condition.libelle), `\\b${condition.cim10.toLowerCase().replace('.', '\\.')}\\b(?!\\.)`]) }));
  const nommees = positions.filter((p) => p.position >= 0).sort((a, b) => a.position - b.position);
  return nommees.length > 0 ? nommees.map(({ condition }, rang) => ({ condition, score: nommees.length - rang })) : undefined;
}

function premierePosition(texte: string, motifs: readonly string[]): number {
  const trouvees = motifs.map((m) => texte.search(new RegExp(m, 'u'))).filter((p) => p >= 0);
  return trouvees.length > 0 ? Math.min(...trouvees) : -1;
}

function buildSynthese(dossier: Dossier, constats: Constats, hypotheses: readonly Hypothese[]): Record<string, string> {
  const conditions = hypotheses.slice(0, 4).map((h) => h.condition);
  const signes = unique([...constats.values()].flatMap((c) => c.pour.map((p) => p.texte.split(' : ')[0] ?? ''))).slice(0, 8);
  const terrain = ['age', 'sexe'].map((c) => dossier.lignes.find((l) => l.champ === c)?.valeur).filter((v) => v !== undefined).join(', ');
  const plie = plier(dossier.texte);
  const proposes = conditions.slice(0, 2).flatMap((c) => c.traitements);
  const cites = proposes.filter((t) => plie.includes(plier(t.medicament)));
  const traitements = cites.length > 0 ? cites : proposes;
  return {
    synthese_clinique: marquer(`Patient${terrain ? ` (${terrain})` : ''} présentant : ${signes.join(', ') || 'un tableau non précisé'}. Hypothèse principale : ${conditions[0]?.libelle ?? NON_PRECISEE.libelle}.`),
    diagnostics_differentiels: marquer(conditions.map((c, rang) => `${rang + 1}. ${c.libelle} (${c.cim10})`).join(' ; ')),
    examens_paracliniques: marquer(unique(conditions.slice(0, 2).flatMap((c) => c.examens)).join(' ; ')),
    traitement: marquer(traitements.map((t) => `${t.medicament} : ${t.posologie}`).join(' ; ') || 'à décider par le médecin après examens'),
    education: marquer(unique(conditions.slice(0, 2).flatMap((c) => c.education)).join(' ; ')),
    references: marquer(unique(conditions.flatMap((c) => c.references)).map((r) => `${r.titre} (${r.source})`).join(' ; ')),
  };
}

function unique<T>(valeurs: readonly T[]): T[] {
  return [...new Map(valeurs.map((v) => [JSON.stringify(v), v])).values()];
}
