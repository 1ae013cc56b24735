export { urgencePlusHaute } from './modele.ts';
export type { FicheTriage, News2, ResultatTriage, SigneAlerte, Urgence, ValeurAVerifier } from './modele.ts';
export { verifierPlausibilite } from './plausibilite.ts';
export type { ChampsMesures, ChampsNormalises, Plausibilite } from './plausibilite.ts';
export { REGLES } from './regles/index.ts';
export type { CodeSigne } from './regles/index.ts';
export type { Regle, Source, Surete } from './regles/regle.ts';
export { orientation } from './textes.ts';
export { TRIAGE_VERSION, triage } from './triage.ts';
