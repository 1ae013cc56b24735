import { CHAMP_PAR_NOM, CHAMPS_SYSTEME } from '@mediai/fiche';
import { TEXTES_MEDECIN, type Fiche } from '../fiche/fiche.ts';
import { SYNTHESE_PUBLIEE, type Changement } from './changement.ts';

/** A field that an act changed. */
export interface ChampChange {
  readonly champ: string;
  /** As the forms call it. */
  readonly libelle: string;
  /** What was there before and after, where the reader may see it. */
  readonly valeurs?: { readonly avant: unknown; readonly apres: unknown };
}

const libelles = new Map((CHAMPS_SYSTEME as readonly { readonly nom: string; readonly libelle?: string }[]).map(({ nom, libelle }) => [nom, libelle]));
const libelleDe = (nom: string): string => CHAMP_PAR_NOM.get(nom)?.libelle ?? libelles.get(nom) ?? nom;

/** What an act changed, with values. */
export function pourMedecin({ champs, avant, apres }: Changement): ChampChange[] {
  return champs
    .filter((champ) => champ !== SYNTHESE_PUBLIEE)
    .map((champ) => ({ champ, libelle: libelleDe(champ), ...(avant && apres && champ in apres ? { valeurs: { avant: avant[champ] ?? null, apres: apres[champ] ?? null } } : {}) }));
}

/** What only médecins read of a fiche. */
const POUR_MEDECINS = new Set(['urgence_regles', 'urgence_ia', 'signes_alerte', 'news2', 'triage_version', 'signes_non_acquittes']);
const UNE_FOIS_VALIDE = new Set<string>(TEXTES_MEDECIN);

/**
 * What an act changed, for the fiche's patient: names, never values. What a médecin or an IA wrote is named only while
 * the fiche is validated; the synthesis only where a validation published it: what came later is not yet theirs to know of.
 */
export function pourPatient({ champs }: Changement, { status }: Pick<Fiche, 'status'>): ChampChange[] {
  const valide = status === 'valide_medecin';
  return champs.flatMap((champ) => {
    if (champ === 'diagnostic_ia' || POUR_MEDECINS.has(champ)) return [];
    if (!valide && (champ === SYNTHESE_PUBLIEE || UNE_FOIS_VALIDE.has(champ))) return [];
    const nom = champ === SYNTHESE_PUBLIEE ? 'diagnostic_ia' : champ;
    return [{ champ: nom, libelle: libelleDe(nom) }];
  });
}
