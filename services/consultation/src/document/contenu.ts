import { createHmac } from 'node:crypto';
import { CHAMPS, type FicheValeurs, type Statut, type Urgence } from '@mediai/fiche';
import type { Fiche, ValeurAVerifier } from '../fiche/fiche.ts';
import type { VueFiche } from '../fiche/vue.ts';
import type { ValeursLabResult } from '../lab/lab-result.ts';
import type { ValeursReference } from '../reference/reference.ts';

/** References and lab results of a fiche, oldest first. */
export interface Pieces {
  readonly references: readonly ValeursReference[];
  readonly resultats: readonly ValeursLabResult[];
}

/** What a fiche says to one sort of reader: all that a document is printed from, but its frame (names, addresses). */
export interface Contenu extends Pieces {
  readonly vue: VueFiche['vue'];
  readonly numero: string;
  readonly status: Statut;
  readonly date_consultation: string;
  readonly heure_debut: string | null;
  readonly heure_fin: string | null;
  readonly valeurs: FicheValeurs;
  readonly valeurs_a_verifier: readonly ValeurAVerifier[];
  /** Null where the document does not tell it: to a patient once a médecin has decided. */
  readonly urgence: Urgence | null;
  readonly signes: readonly string[];
  readonly commentaire_rejet: string | null;
  readonly diagnostic: string | null;
  readonly traitement: string | null;
  readonly examen_complementaire: string | null;
  readonly recommandations: string | null;
  readonly diagnostic_ia: string | null;
  /** Who validated or rejected. */
  readonly medecin: number | null;
  readonly date_validation: Date | null;
  /** Id of the signature's file. */
  readonly signature: string | null;
}

/** What a view of a fiche says. Only the view is read: what its reader may not see is null there. */
export function contenuDe({ vue, fiche }: Pick<VueFiche, 'vue' | 'fiche'>, { references, resultats }: Pieces): Contenu {
  const valide = fiche.status === 'valide_medecin';
  return {
    vue,
    numero: fiche.numero_dossier,
    status: fiche.status,
    date_consultation: fiche.date_consultation,
    heure_debut: fiche.heure_debut,
    heure_fin: fiche.heure_fin,
    valeurs: valeursDe(fiche),
    valeurs_a_verifier: fiche.valeurs_a_verifier,
    urgence: vue === 'medecin' || !valide ? fiche.urgence : null,
    signes: fiche.signes_alerte.map(({ libelle, valeur }) => (valeur === null ? libelle : `${libelle} (${valeur})`)),
    commentaire_rejet: fiche.status === 'rejete_medecin' ? fiche.commentaire_rejet : null,
    diagnostic: fiche.diagnostic,
    traitement: fiche.traitement,
    examen_complementaire: fiche.examen_complementaire,
    recommandations: fiche.recommandations,
    diagnostic_ia: fiche.diagnostic_ia,
    medecin: valide || fiche.status === 'rejete_medecin' ? fiche.medecin_validateur : null,
    date_validation: valide ? fiche.date_validation : null,
    signature: valide ? fiche.signature_medecin : null,
    references: references.map(({ title, url, source, authors, year, journal }) => ({ title, url, source, authors, year, journal })),
    resultats: resultats.map(({ type_analyse, valeur, unite, valeurs_normales, date_prelevement, laboratoire, commentaire }) => ({ type_analyse, valeur, unite, valeurs_normales, date_prelevement, laboratoire, commentaire })),
  };
}

function valeursDe(fiche: Fiche): FicheValeurs {
  const source = fiche as unknown as Record<string, unknown>;
  return Object.fromEntries(CHAMPS.map(({ nom }) => [nom, source[nom] ?? null])) as FicheValeurs;
}

/**
 * Keyed hash (HMAC-SHA-256) of all that a document says of its fiche. Of the fields those are left out that hold their
 * default: a field that the table gains later changes no hash of a fiche written before.
 */
export function createEmpreinte(secret: string) {
  return (contenu: Contenu): Buffer => createHmac('sha256', secret).update(JSON.stringify(ordonne({ ...contenu, valeurs: valeursDites(contenu.valeurs) }))).digest();
}

export type Empreinte = ReturnType<typeof createEmpreinte>;

function valeursDites(valeurs: FicheValeurs): Record<string, unknown> {
  const source = valeurs as Record<string, unknown>;
  return Object.fromEntries(CHAMPS.filter((champ) => source[champ.nom] !== ('defaut' in champ ? champ.defaut : null)).map(({ nom }) => [nom, source[nom]]));
}

/** The same value with the names of its objects in one order, whatever made them: rows, JSON columns. */
function ordonne(valeur: unknown): unknown {
  if (Array.isArray(valeur)) return valeur.map(ordonne);
  if (typeof valeur !== 'object' || valeur === null || valeur instanceof Date) return valeur;
  return Object.fromEntries(Object.entries(valeur).sort(([a], [b]) => (a < b ? -1 : 1)).map(([nom, une]) => [nom, ordonne(une)]));
}
