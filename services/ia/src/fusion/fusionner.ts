import { ROLES_VOIX, type Argument, type Hypothese, type RoleVoix, type Urgence, type VoteDeVoix } from '../voix/vote.ts';
import { danger, groupeCim10 } from './groupes-cim10.ts';
import { jugerUrgence, type AvisUrgence } from './urgence.ts';

export type ArgumentDeVoix = Argument & { voix: RoleVoix };

/** One clinical group over all voices. */
export type HypotheseFusionnee = {
  /** Key of the group: `B50-B54` or three characters. */
  groupe: string;
  libelle: string;
  /** Codes that the voices gave, in their order. */
  codes: string[];
  /** Voices that hold it: the score is their number over that of the valid voices. */
  voix: RoleVoix[];
  argumentsPour: ArgumentDeVoix[];
  argumentsContre: ArgumentDeVoix[];
  /** The most dangerous hypothesis that only one voice holds. */
  aNePasManquer: boolean;
};

export type TraitementDeVoix = { medicament: string; posologie: string; contre_indications: string; voix: RoleVoix[] };
export type ElementDeVoix = { texte: string; voix: RoleVoix[] };

/** The table from which the synthesis is worded. */
export type Fusion = {
  voixValides: RoleVoix[];
  /** All of the house's voices, asked or not: the agreement of two is partial. */
  voixMaison: number;
  hypotheses: HypotheseFusionnee[];
  examens: ElementDeVoix[];
  traitements: TraitementDeVoix[];
  education: ElementDeVoix[];
  informationsManquantes: ElementDeVoix[];
  references: { titre: string; source: string; voix: RoleVoix[] }[];
  urgence: AvisUrgence;
};

const MAX_HYPOTHESES = 5;

/**
 * Merge the valid votes by arithmetic: hypotheses by clinical group and number of voices, everything else by identity.
 * A vendor counts once. The same votes in any order give the same table.
 *
 * @param votes valid votes, at most one per voice
 * @param urgenceRegles level of the rules
 */
export function fusionner(votes: readonly VoteDeVoix[], urgenceRegles: Urgence): Fusion {
  const ordonnes = ROLES_VOIX.flatMap((role) => votes.filter((v) => v.role === role).slice(0, 1));
  return {
    voixValides: ordonnes.map((v) => v.role),
    voixMaison: ROLES_VOIX.length,
    hypotheses: fusionnerHypotheses(ordonnes),
    examens: reunir(ordonnes, ({ vote }) => vote.examens),
    traitements: reunirObjets(ordonnes, ({ vote }) => vote.traitements, (t) => `${t.medicament}|${t.posologie}`),
    education: reunir(ordonnes, ({ vote }) => vote.education),
    informationsManquantes: reunir(ordonnes, ({ vote }) => vote.informations_manquantes),
    references: reunirObjets(ordonnes, ({ vote }) => vote.references, (r) => `${r.titre}|${r.source}`),
    urgence: jugerUrgence(ordonnes, urgenceRegles),
  };
}

function fusionnerHypotheses(votes: readonly VoteDeVoix[]): HypotheseFusionnee[] {
  const groupes = new Map<string, { role: RoleVoix; hypothese: Hypothese }[]>();
  for (const { role, vote } of votes) {
    for (const hypothese of vote.hypotheses) {
      const { cle } = groupeCim10(hypothese.cim10);
      groupes.set(cle, [...(groupes.get(cle) ?? []), { role, hypothese }]);
    }
  }
  const classees = [...groupes].map(([cle, membres]) => ({ ...enGroupe(cle, membres), poids: poids(membres) })).sort(comparer);
  const isolees = classees.filter((h) => h.voix.length === 1 && danger(h.groupe) > 0);
  const aNePasManquer = isolees.sort((a, b) => danger(b.groupe) - danger(a.groupe) || comparer(a, b))[0]?.groupe;
  return classees
    .filter((h, rang) => rang < MAX_HYPOTHESES || h.groupe === aNePasManquer)
    .map(({ poids: _poids, ...h }) => ({ ...h, aNePasManquer: h.groupe === aNePasManquer }));
}

type Classee = Omit<HypotheseFusionnee, 'aNePasManquer'> & { poids: number };

/** More voices first; then the voices' own figures; then danger; then the code, so that the order is always the same. */
function comparer(a: Classee, b: Classee): number {
  return b.voix.length - a.voix.length || b.poids - a.poids || danger(b.groupe) - danger(a.groupe) || (a.groupe < b.groupe ? -1 : 1);
}

/** Sum over the voices of the highest figure that each gave within the group: only breaks ties, is never shown. */
function poids(membres: readonly { role: RoleVoix; hypothese: Hypothese }[]): number {
  const parVoix = new Map<RoleVoix, number>();
  for (const { role, hypothese } of membres) parVoix.set(role, Math.max(parVoix.get(role) ?? 0, hypothese.probabilite));
  return [...parVoix.values()].reduce((somme, p) => somme + p, 0);
}

function enGroupe(cle: string, membres: readonly { role: RoleVoix; hypothese: Hypothese }[]): Omit<HypotheseFusionnee, 'aNePasManquer'> {
  const meilleure = membres.reduce((m, x) => (x.hypothese.probabilite > m.hypothese.probabilite ? x : m));
  const cumuler = (lire: (h: Hypothese) => Argument[]): ArgumentDeVoix[] => {
    const vus = new Map<string, ArgumentDeVoix>();
    for (const { role, hypothese } of membres) {
      for (const argument of lire(hypothese)) {
        const identite = `${argument.champ}|${plier(argument.texte)}`;
        if (!vus.has(identite)) vus.set(identite, { ...argument, voix: role });
      }
    }
    return [...vus.values()];
  };
  return {
    groupe: cle,
    libelle: meilleure.hypothese.libelle,
    codes: [...new Set(membres.map((m) => m.hypothese.cim10))],
    voix: [...new Set(membres.map((m) => m.role))],
    argumentsPour: cumuler((h) => h.arguments_pour),
    argumentsContre: cumuler((h) => h.arguments_contre),
  };
}

const reunir = (votes: readonly VoteDeVoix[], lire: (v: VoteDeVoix) => string[]): ElementDeVoix[] =>
  reunirObjets(votes, (v) => lire(v).map((texte) => ({ texte })), (e) => e.texte);

/** One entry per different text, with the voices that gave it; what more voices gave comes first. */
function reunirObjets<T extends object>(votes: readonly VoteDeVoix[], lire: (v: VoteDeVoix) => T[], cleDe: (t: T) => string): (T & { voix: RoleVoix[] })[] {
  const vus = new Map<string, T & { voix: RoleVoix[] }>();
  for (const v of votes) {
    for (const element of lire(v)) {
      const cle = plier(cleDe(element));
      const vu = vus.get(cle);
      if (!vu) vus.set(cle, { ...element, voix: [v.role] });
      else if (!vu.voix.includes(v.role)) vu.voix.push(v.role);
    }
  }
  return [...vus.values()].sort((a, b) => b.voix.length - a.voix.length);
}

const plier = (texte: string): string => texte.normalize('NFD').replace(/\p{M}/gu, '').replace(/\s+/gu, ' ').trim().toLowerCase();
