import { auMoins, moinsDe } from './age.ts';
import type { Age } from './age.ts';
import type { Lecture, Trouvaille } from './lecture.ts';
import type { FicheTriage } from './modele.ts';
import { RIEN, douteux, ou } from './preuve.ts';
import type { Preuve } from './preuve.ts';

/**
 * There is no field for pregnancy: it is read from the text. `inconnu`: a woman of 10 to 55 who did not say.
 * `enceinte` and `postPartum` are evidence (doubtful when "retard de règles" or "peut-être"), so that a row can ask.
 */
export type Grossesse = { etat: 'enceinte' | 'possible' | 'post_partum' | 'non' | 'inconnu' | 'sans_objet'; enceinte: Preuve; postPartum: Preuve; joursPostPartum: number | null };

const POST_PARTUM_JOURS = 42;
const AGE_FERTILE = { min: 10, max: 56 };
const JOURS: Record<string, number> = { jour: 1, jours: 1, j: 1, semaine: 7, semaines: 7, mois: 30, an: 365, ans: 365, siku: 1, mikolo: 1, wiki: 7, poso: 7 };
const RECENTS: Record<string, number> = { hier: 1, matin: 0, nuit: 1, soir: 1, aujourd: 0, jana: 1, leo: 0, lobi: 1, avant: 2 };

/** Days since the birth told in this statement: "il y a 10 jours", "depuis 3 semaines", "J10", "hier"; null when not told. */
function joursDepuis({ phrase: { jetons }, deb, fin }: Trouvaille): number | null {
  for (let k = Math.max(0, deb - 8); k < Math.min(jetons.length, fin + 10); k++) {
    const j = jetons[k]!;
    const unite = JOURS[jetons[k + 1]?.mot ?? ''];
    if (j.nombre !== null && unite !== undefined) return Math.round(j.nombre * unite);
    const collees = /^j(\d{1,3})$/.exec(j.mot);
    if (collees !== null) return Number(collees[1]);
    if (j.mot === 'semaine' && /^(passee|derniere)$/.test(jetons[k + 1]?.mot ?? '')) return 7;
    if (j.mot === 'mois' && /^(passe|dernier)$/.test(jetons[k + 1]?.mot ?? '')) return 30;
    if (j.mot in RECENTS && (k < deb || k >= fin)) return RECENTS[j.mot]!;
  }
  return null;
}

/** A date that is announced: "accouchement prévu", "césarienne programmée", "va accoucher". */
function estPrevu({ phrase: { jetons }, deb, fin }: Trouvaille): boolean {
  return jetons.slice(Math.max(0, deb - 3), fin + 5).some((j) => /^(prevu|prevue|programme|programmee|date|terme|va|vais|avant|bientot|preparation)$/.test(j.mot));
}

/** What is known of pregnancy and birth. A man is 'sans_objet' unless the text is about himself (then doubtful: sex to be verified). */
export function lireGrossesse(fiche: FicheTriage, age: Age, lecture: Lecture): Grossesse {
  const homme = fiche.sexe === 'M';
  const de = (concept: string): Trouvaille[] => lecture.trouvailles.filter((t) => t.concept === concept);
  const lue = (concept: 'grossesse' | 'grossesse_possible'): Preuve => (homme ? douteux(lecture.signe(concept)) : lecture.signe(concept));
  const enfant = moinsDe(age, AGE_FERTILE.min);
  const certaine = lue('grossesse');
  const finie = [...de('grossesse')].some((t) => t.etat === 'resolu');
  const naissances = de('accouchement').filter((t) => (t.etat === 'affirme' || t.etat === 'resolu' || t.etat === 'ambigu') && !estPrevu(t));
  const datees = naissances.map((t) => ({ t, jours: joursDepuis(t) }));
  const recente = datees.find(({ jours }) => jours !== null && jours <= POST_PARTUM_JOURS);
  const nonDatee = datees.find(({ jours }) => jours === null);
  const ecarter = enfant || (homme && certaine.force === 0);
  const fertile = !homme && auMoins(age, AGE_FERTILE.min) && age.moisMin < AGE_FERTILE.max * 12;
  const sans = { enceinte: RIEN, postPartum: RIEN, joursPostPartum: null };
  if (ecarter) return { etat: 'sans_objet', ...sans };
  const affirmee = de('grossesse').some((t) => t.etat === 'affirme');
  const naissance = recente ?? (affirmee ? undefined : nonDatee);
  if (naissance !== undefined) {
    const postPartum: Preuve = { force: naissance.t.etat === 'ambigu' ? 1 : 2, champs: [naissance.t.champ], valeur: naissance.t.extrait };
    return { etat: 'post_partum', enceinte: affirmee && recente === undefined ? certaine : RIEN, postPartum, joursPostPartum: naissance.jours };
  }
  if (affirmee && certaine.force === 2) return { etat: 'enceinte', ...sans, enceinte: certaine };
  const possible = ou(douteux(certaine), douteux(lue('grossesse_possible')));
  if (possible.force > 0 && !finie) return { etat: 'possible', ...sans, enceinte: possible };
  const niee = de('grossesse').some((t) => t.etat === 'nie') || lecture.signe('sans_grossesse').force === 2;
  if (niee) return { etat: 'non', ...sans };
  return { etat: fertile ? 'inconnu' : 'sans_objet', ...sans };
}
