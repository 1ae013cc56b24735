import { bandes, dateLocale, lireAge, moinsDe } from './age.ts';
import type { Age, Bande } from './age.ts';
import { scoreDeComa } from './chiffres.ts';
import { lireGrossesse } from './grossesse.ts';
import type { Grossesse } from './grossesse.ts';
import { lireTextes } from './lecture.ts';
import type { Lecture } from './lecture.ts';
import type { FicheTriage, News2, ValeurAVerifier } from './modele.ts';
import { calculerNews2 } from './news2.ts';
import type { MesuresNews2 } from './news2.ts';
import { verifierPlausibilite } from './plausibilite.ts';
import { RIEN, fait, ou } from './preuve.ts';
import type { Preuve } from './preuve.ts';

/** A fiche as the rules see it: measures in units, age, pregnancy, what the texts say. */
export type Cas = {
  fiche: FicheTriage; age: Age; bandes: Bande[];
  mesures: MesuresNews2 & { tad: number | null };
  lecture: Lecture; grossesse: Grossesse;
  /** Fever measured (38.0 and more; 37.5 under 5 years, IMCI axillary) or reported; cold measured (< 36) or reported. */
  fievre: Preuve; froid: Preuve; infection: Preuve;
  conscience: Preuve; dyspnee: Preuve; cephalee: Preuve; troubleVisuel: Preuve; paleur: Preuve;
  news2Brut: ReturnType<typeof calculerNews2>; news2: News2 | null;
  aVerifier: ValeurAVerifier[]; aVerifierImplausibles: ValeurAVerifier[]; vitauxManquants: string[];
};

const texteMesure = (n: number): string => String(n).replace('.', ',');

/** Builds the case in one pass over the fiche; nothing in it is a rule yet. */
export function construireCas(fiche: FicheTriage, maintenant: Date): Cas {
  const age = lireAge(fiche, maintenant);
  const plausibilite = verifierPlausibilite(fiche, { maintenant });
  const n = plausibilite.normalise;
  const [tas, tad] = n.tension_arterielle ? n.tension_arterielle.split('/').map(Number) as [number, number] : [null, null];
  const mesures = { temperature: n.temperature ?? null, spo2: n.spo2 ?? null, pouls: n.pouls ?? null, fr: n.frequence_respiratoire ?? null, tas, tad };
  const jour = dateLocale(maintenant);
  const lecture = lireTextes(fiche, { annee: jour.getUTCFullYear(), mois: jour.getUTCMonth() + 1, enfant: moinsDe(age, 16), ageConnu: age.connu, proche: fiche.proche === true || fiche.soignant === true });
  const grossesse = lireGrossesse(fiche, age, lecture);
  const seuilFievre = moinsDe(age, 5) ? 37.5 : 38;
  const { temperature } = mesures;
  const chaud = temperature !== null && temperature >= seuilFievre ? fait('temperature', `${texteMesure(temperature)} °C`) : RIEN;
  const fievre = ou(chaud, fiche.febrile === 'Oui' ? fait('febrile', 'Oui') : RIEN, lecture.signe('fievre'));
  const froid = ou(temperature !== null && temperature < 36 ? fait('temperature', `${texteMesure(temperature)} °C`) : RIEN, lecture.signe('froid'));
  const conscience = ou(lecture.signe('conscience'), scoreDeComa(lecture));
  const adulte = age.moisMax >= 192;
  const horsNews2 = grossesse.etat === 'enceinte' || grossesse.etat === 'post_partum';
  const news2Brut = adulte ? calculerNews2(mesures, { conscienceAlteree: conscience.force === 2, conscienceNormale: lecture.signe('alerte').force === 2, oxygene: lecture.signe('oxygene').force === 2 }) : null;
  const implausibles: ValeurAVerifier[] = [
    ...plausibilite.refus.map(({ champ, message }) => ({ champ, valeur: JSON.stringify(fiche[champ as keyof FicheTriage] ?? null).replace(/^"|"$/g, "").slice(0, 40), motif: message })),
    ...plausibilite.aVerifier,
    ...(age.anomalie === null ? [] : [{ champ: 'date_naissance', valeur: JSON.stringify(fiche.date_naissance ?? null).replace(/^"|"$/g, ""), motif: age.anomalie }]),
    ...(fiche.sexe === 'M' && grossesse.enceinte.force > 0 ? [{ champ: 'sexe', valeur: 'M', motif: 'Le texte parle de grossesse : vérifiez le sexe.' }] : []),
  ];
  const contradiction = chaud.force === 2 && fiche.febrile === 'Non' ? [{ champ: 'febrile', valeur: 'Non', motif: `Température mesurée ${texteMesure(temperature!)} °C alors que « fébrile » vaut Non : la mesure est retenue.` }] : [];
  return {
    fiche, age, bandes: bandes(age), mesures, lecture, grossesse, fievre, froid, conscience, news2Brut,
    infection: ou(fievre, froid, lecture.signe('infection')),
    dyspnee: lecture.signe('dyspnee', 'detresse', 'dyspnee_effort', 'cyanose', 'stridor', 'apnee'),
    cephalee: ou(lecture.signe('cephalee'), fiche.cephalees === true ? fait('cephalees', 'oui') : RIEN),
    troubleVisuel: ou(lecture.signe('trouble_visuel'), fiche.troubles_visuels === true ? fait('troubles_visuels', 'oui') : RIEN),
    paleur: ou(lecture.signe('paleur', 'paleur_severe'), fiche.coloration_palpebrale === 'pale' ? fait('coloration_palpebrale', 'pale') : RIEN),
    news2: news2Brut === null || horsNews2 ? null : { score: news2Brut.score, au_moins: news2Brut.au_moins, manquants: news2Brut.manquants },
    aVerifier: [...implausibles, ...contradiction], aVerifierImplausibles: implausibles,
    vitauxManquants: [
      ...(temperature === null ? ['temperature'] : []), ...(mesures.spo2 === null ? ['spo2'] : []), ...(mesures.pouls === null ? ['pouls'] : []),
      ...(mesures.fr === null ? ['frequence_respiratoire'] : []), ...(tas === null && age.moisMax >= 144 ? ['tension_arterielle'] : []),
    ],
  };
}
