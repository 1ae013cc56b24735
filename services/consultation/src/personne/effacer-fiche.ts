import { CHAMPS, masquerTexte } from '@mediai/fiche';
import { TEXTES_MEDECIN, type Changement, type Fiche } from '../fiche/fiche.ts';
import { texteRecherche } from '../fiche/recherche.ts';

/** What stands for what identified a person. */
export const EFFACE = 'Effacé';

/** Whether a fiche has lost its person: it is the record that must be kept, and nothing brings it back. */
export const estEffacee = ({ nom, postnom, prenom }: Pick<Fiche, 'nom' | 'postnom' | 'prenom'>): boolean => [nom, postnom, prenom].every((un) => un === EFFACE);

const NOMS = ['nom', 'postnom', 'prenom', 'contact_nom'] as const;
const TEXTES_SYSTEME = [...TEXTES_MEDECIN, 'commentaire_rejet', 'diagnostic_ia', 'diagnostic_ia_publie'] as const;

/** Hides what identifies the person of a fiche in a text about it. */
export function masqueDe(fiche: Pick<Fiche, (typeof NOMS)[number] | 'date_naissance'>, noms: readonly string[]): (texte: string) => string {
  const tous = [...NOMS.map((nom) => fiche[nom] ?? ''), ...noms].filter((nom) => nom !== '' && nom !== EFFACE);
  return (texte) => masquerTexte(texte, tous, fiche.date_naissance);
}

/**
 * A fiche without its person: what the clinical record is kept for stays, nothing says whose it is. Names, phones,
 * addresses, occupation and contact are replaced or emptied, of the birth date the year stays; names, phones, addresses
 * of e-mail and the birth date are hidden in every free text, whoever wrote it. The signature is the médecin's and stays.
 * @param noms how the person is called elsewhere, to be hidden too
 */
export function effacerFiche(fiche: Fiche, noms: readonly string[]): Changement {
  const masquer = masqueDe(fiche, noms);
  const avant = fiche as unknown as Record<string, unknown>;
  const apres: Record<string, unknown> = {};
  for (const champ of CHAMPS) {
    const valeur = avant[champ.nom];
    if (typeof valeur !== 'string' || champ.type === 'choix') continue;
    if (champ.type === 'date') apres[champ.nom] = `${valeur.slice(0, 4)}-01-01`;
    else if ('identite' in champ) apres[champ.nom] = 'nullable' in champ ? null : EFFACE;
    else apres[champ.nom] = masquer(valeur).slice(0, 'max' in champ ? champ.max : undefined);
  }
  for (const nom of TEXTES_SYSTEME) if (fiche[nom] !== null) apres[nom] = masquer(fiche[nom]);
  for (const nom of Object.keys(fiche)) if (nom.endsWith('_e164')) apres[nom] = null;
  const sansPersonne = {
    ...(apres as Changement),
    signes_alerte: fiche.signes_alerte.map((signe) => ({ ...signe, valeur: signe.valeur === null ? null : masquer(signe.valeur) })),
    valeurs_a_verifier: fiche.valeurs_a_verifier.map((valeur) => ({ ...valeur, valeur: masquer(valeur.valeur) })),
    analyse_en_cours: false,
    analyse_differee_le: null,
  };
  return { ...sansPersonne, recherche: texteRecherche({ ...fiche, ...sansPersonne }) };
}
