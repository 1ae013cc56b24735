import { SECTIONS, type Champ, type Section } from './champ.ts';
import { CHAMPS } from './champs.ts';
import { ageLisible } from './pseudonymiser.ts';
import type { FicheValeurs } from './valeurs.ts';

/** One line of a printed fiche. */
export interface LigneDocument {
  readonly champ: string;
  readonly libelle: string;
  /** As a French reader reads it: `24/11/2026`, `38,5 °C`, `Oui`, the label of a choice. */
  readonly valeur: string;
}

export interface SectionDocument {
  readonly section: Section;
  readonly titre: string;
  readonly lignes: readonly LigneDocument[];
}

/** Values to be printed; with `date_consultation` (`YYYY-MM-DD`) an age is told in days or months where a clinician would. */
export type ValeursDocument = Partial<FicheValeurs> & { readonly date_consultation?: string | null };

/**
 * What a printed fiche holds, in the order of the paper one: empty values, unticked boxes and empty sections are left out.
 * @param champs the table of fields
 */
export function sectionsDocument(valeurs: ValeursDocument, champs: readonly Champ[] = CHAMPS): SectionDocument[] {
  const lignes = champs.flatMap((champ) => {
    const valeur = champ.nom === 'age' ? ageImprime(champ, valeurs) : valeurImprimee(champ, (valeurs as Record<string, unknown>)[champ.nom]);
    return valeur === null ? [] : [{ section: champ.section, ligne: { champ: champ.nom, libelle: champ.libelle, valeur } }];
  });
  return (Object.keys(SECTIONS) as Section[]).flatMap((section) => {
    const siennes = lignes.filter((une) => une.section === section).map(({ ligne }) => ligne);
    return siennes.length > 0 ? [{ section, titre: SECTIONS[section], lignes: siennes }] : [];
  });
}

/** A day `YYYY-MM-DD` as it is written in French, `24/11/2026`. */
export const jourImprime = (jour: string): string => jour.split('-').reverse().join('/');

/**
 * One value as a French reader reads it.
 * @returns null where there is nothing to print: empty, or an unticked box
 */
export function valeurImprimee(champ: Champ, valeur: unknown): string | null {
  if (valeur === null || valeur === undefined || valeur === false) return null;
  if (valeur === true) return 'Oui';
  if (typeof valeur === 'number') return avecUnite(champ, String(valeur).replace('.', ','), Math.abs(valeur) < 2);
  const texte = String(valeur).trim();
  if (texte === '') return null;
  if (champ.type === 'date') return jourImprime(texte);
  if (champ.choix) return champ.choix.find((c) => c.valeur === texte)?.libelle ?? texte;
  return avecUnite(champ, texte, false);
}

function avecUnite({ unite }: Champ, texte: string, singulier: boolean): string {
  if (!unite) return texte;
  return `${texte} ${singulier && unite === 'ans' ? 'an' : unite}`;
}

function ageImprime(champ: Champ, { age, date_naissance: naissance, date_consultation: jour }: ValeursDocument): string | null {
  return naissance && jour && naissance <= jour ? ageLisible(naissance, jour) : valeurImprimee(champ, age);
}
