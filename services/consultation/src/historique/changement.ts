import { CHAMPS, CHAMPS_SYSTEME } from '@mediai/fiche';
import { auteurDe, type Acte, type ActeNote } from '../acces/journal.ts';
import type { Fiche } from '../fiche/fiche.ts';

/** Values of a fiche by the name of their field. */
export type Valeurs = Readonly<Record<string, unknown>>;

/** What one act changed of a fiche. */
export interface Changement extends Pick<ActeNote, 'le' | 'acteurId' | 'acteurRole' | 'action'> {
  readonly fiche: number;
  /** Version that the act made. */
  readonly version: number;
  readonly champs: readonly string[];
  /** Null at a creation. */
  readonly avant: Valeurs | null;
  readonly apres: Valeurs | null;
}

/** What says nothing of what somebody did: identity of the row, its bookkeeping, what never changes. */
const SANS_HISTOIRE = new Set(['id', 'numero_dossier', 'date_consultation', 'heure_debut', 'version', 'etablissement_id', 'created_at', 'updated_at', 'triage_calcule_le']);

/** What a validation shows to the patient of the synthesis; kept to tell them when, never told under this name. */
export const SYNTHESE_PUBLIEE = 'diagnostic_ia_publie';

/** The fields that the history knows: what the contract shows of a fiche. */
const SUIVIS: readonly string[] = [
  ...CHAMPS.map(({ nom }) => nom),
  ...CHAMPS_SYSTEME.filter(({ nom, proto, colonne }) => proto !== null && colonne !== null && !SANS_HISTOIRE.has(nom)).map(({ nom }) => nom),
  SYNTHESE_PUBLIEE,
];

/** Of these it is told that they changed, not from what to what: a key of the store of files is nobody's to read. */
const SANS_VALEUR = new Set(['signature_medecin', SYNTHESE_PUBLIEE]);

const ecrit = (valeur: unknown): string => JSON.stringify(valeur ?? null);

/** What an act changed of a fiche; `avant` is null where the act made it. */
export function changementDe(avant: Fiche | null, apres: Fiche, { acteur, action }: Pick<Acte, 'acteur' | 'action'>): Changement {
  const note = { fiche: apres.id, version: apres.version, le: apres.updated_at, ...auteurDe(acteur), action };
  if (avant === null) return { ...note, champs: [], avant: null, apres: null };
  const champs = SUIVIS.filter((nom) => ecrit(lire(avant, nom)) !== ecrit(lire(apres, nom)));
  return { ...note, champs, avant: valeursDe(avant, champs), apres: valeursDe(apres, champs) };
}

const lire = (fiche: Fiche, nom: string): unknown => (fiche as unknown as Valeurs)[nom];

function valeursDe(fiche: Fiche, champs: readonly string[]): Valeurs {
  return Object.fromEntries(champs.filter((nom) => !SANS_VALEUR.has(nom)).map((nom) => [nom, JSON.parse(ecrit(lire(fiche, nom))) as unknown]));
}
