import { ageEnAnnees, CHAMP_PAR_NOM, estVide, lireFiche, verifierFiche, type Champ, type FicheValeurs } from '@mediai/fiche';
import { champsOriginaux, raisons, type Lecteur, type Ligne } from '@mediai/import-django';
import type { Regles } from '../fiche/build-fiche.ts';

export type ValeursReprises = { valeurs: FicheValeurs; aTrier: FicheValeurs };

type Valeur = string | number | boolean | null;

/** Where a text goes that has no room in its own field; triage and the médecin read it there. */
const suite = 'observations_importantes';
const suiteMax = CHAMP_PAR_NOM.get(suite)?.max ?? 0;

const raisonDe: Record<Champ['type'], string> = {
  texte: raisons.caracteres, choix: raisons.choix, date: raisons.absurde, booleen: raisons.illisible, entier: raisons.illisible, decimal: raisons.illisible,
};

/**
 * The fields of a fiche of the original, by the table of fields: `""` is null, a value out of bounds is left out of an
 * optional field and keeps the row out in a required one (a blank required text is kept blank: no dossier is lost for an
 * occupation). Clinical text too long for its field is cut there and goes whole to `observations_importantes`.
 * @param jour the day of the consultation, `YYYY-MM-DD`
 * @param redigee when it was written: measures are judged by the age of then
 * @param aujourdhui `YYYY-MM-DD`: nobody was born later
 */
export function lireValeurs(lecteur: Lecteur, ligne: Ligne, jour: string, redigee: Date, aujourdhui: string, regles: Pick<Regles, 'verifierMesures'>): ValeursReprises {
  const enSuite: string[] = [];
  const corps = Object.fromEntries((champsOriginaux as readonly Champ[]).map((champ) => [champ.nom, ecourter(lecteur, champ, ligne[champ.nom], enSuite)]));
  const { valeurs: lues, erreurs } = lireFiche(corps, { complet: true, defauts: true });
  const valeurs = lues as Record<string, Valeur>;
  for (const nom of Object.keys(erreurs)) valeurs[nom] = remplacer(lecteur, nom, corps[nom]);

  const douteuses = verifierFiche({ date_naissance: valeurs['date_naissance'] as string | null, age: valeurs['age'] as number | null }, aujourdhui);
  if (douteuses['date_naissance'] && !erreurs['date_naissance']) lecteur.ecarter('date_naissance', raisons.absurde);
  const naissance = typeof valeurs['date_naissance'] === 'string' ? valeurs['date_naissance'] : null;
  if (naissance !== null && !douteuses['date_naissance'] && naissance > jour) lecteur.reserver('date_naissance', 'naissance postérieure à la consultation, gardée');
  if (douteuses['age'] && !erreurs['age']) valeurs['age'] = remplacer(lecteur, 'age', corps['age']);

  const mesures = regles.verifierMesures(valeurs as unknown as FicheValeurs, redigee);
  for (const nom of Object.keys(mesures.erreurs)) {
    lecteur.reserver(nom, 'mesure impossible ou illisible');
    if (nom === 'tension_arterielle') enSuite.push(`Tension artérielle, telle que saisie : ${String(valeurs[nom])}`);
    valeurs[nom] = null;
  }
  valeurs[suite] = enSuite.length > 0 ? Array.from(enSuite.join('\n')).slice(0, suiteMax).join('') : null;
  valeurs['age'] ??= naissance !== null ? Math.max(0, ageEnAnnees(naissance, jour)) : null;
  const aTrier = valeurs as unknown as FicheValeurs;
  return { aTrier, valeurs: { ...aTrier, ...mesures.normalises } };
}

/** A text within its bound; what is cut off a clinical one is kept aside, whole. */
function ecourter(lecteur: Lecteur, { nom, type, max, court, identite, libelle }: Champ, brut: unknown, enSuite: string[]): unknown {
  if (type !== 'texte' || typeof brut !== 'string' || max === undefined || brut.length <= max || brut.includes('\0') || !brut.isWellFormed()) return brut;
  const signes = Array.from(brut);
  if (signes.length <= max) return brut;
  const garde = court === true && identite !== true;
  lecteur.reserver(nom, garde ? `texte trop long, coupé et gardé entier dans ${suite}` : raisons.coupe);
  if (garde) enSuite.push(`${libelle} : ${brut}`);
  return signes.slice(0, max).join('');
}

/** What stands in the place of a value that was refused; a required one that nothing can replace keeps the row out. */
function remplacer(lecteur: Lecteur, nom: string, brut: unknown): Valeur {
  const champ = CHAMP_PAR_NOM.get(nom);
  const vide = typeof brut === 'string' && estVide(brut);
  if (champ?.type === 'texte' && champ.requis && vide) {
    lecteur.reserver(nom, raisons.manque);
    return '';
  }
  if (champ?.requis) lecteur.ecarter(nom, vide || brut === null ? raisons.manque : raisonDe[champ.type]);
  else lecteur.reserver(nom, champ ? raisonDe[champ.type] : raisons.illisible);
  return champ?.defaut ?? null;
}
