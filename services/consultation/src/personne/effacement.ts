import { AppError, invalid, notFound } from '@mediai/kit/errors';

/** en_attente -> acceptee (the fiches are pseudonymised) -> effacee (the account is closed as well); or en_attente -> refusee. */
export type StatutEffacement = 'en_attente' | 'acceptee' | 'effacee' | 'refusee';
export const STATUTS_EFFACEMENT: readonly StatutEffacement[] = ['en_attente', 'acceptee', 'effacee', 'refusee'];

/** A person's request that their data be erased. */
export interface Effacement {
  readonly id: number;
  readonly user_id: number;
  readonly etablissement_id: number;
  /** Why, in their words; forgotten once it is accepted. */
  readonly motif: string | null;
  readonly statut: StatutEffacement;
  readonly demande_le: Date;
  readonly decide_par: number | null;
  readonly decide_le: Date | null;
  readonly motif_refus: string | null;
  readonly efface_le: Date | null;
  /** Fiches that were pseudonymised. */
  readonly fiches: number | null;
}

/** What of an account decides whether it may be erased. */
export interface CompteAEffacer {
  readonly estSuperuser: boolean;
  readonly etablissementId: number;
  /** How they are called, everywhere: none of it stays in a text. */
  readonly noms: readonly string[];
}

const MOTIF_MAX = 2_000;

export const introuvable = (): AppError => notFound('effacement.introuvable', "Demande d'effacement introuvable.");
export const dejaDecide = (): AppError => new AppError('conflict', 'effacement.deja_decide', "Cette demande d'effacement a déjà été décidée.");
export const dejaDemande = (): AppError => new AppError('exists', 'effacement.deja_demande', "Une demande d'effacement est déjà en attente : son état se lit dans vos demandes.");

/** A reason as it may be kept; null for none. @throws AppError invalid by name */
export function lireMotif(motif: string | undefined, { requis }: { requis: boolean }): string | null {
  const texte = motif?.trim() ?? '';
  if (texte === '' && requis) throw invalid({ motif: ['Ce champ est obligatoire.'] }, 'effacement.invalide');
  if (texte.length > MOTIF_MAX) throw invalid({ motif: [`Ce champ ne peut dépasser ${MOTIF_MAX} caractères.`] }, 'effacement.invalide');
  if (texte.includes('\0') || !texte.isWellFormed()) throw invalid({ motif: ['Ce champ contient des caractères non valides.'] }, 'effacement.invalide');
  return texte || null;
}

/**
 * Whether an admin may have an account erased that is still there: what auth would refuse is refused before anything is changed.
 * @throws AppError invalid `effacement.soi_meme` or `effacement.superuser`, conflict `effacement.autre_etablissement`
 */
export function exigerEffacable({ user_id: userId }: Effacement, compte: CompteAEffacer, admin: { id: number; etablissementId: number }): void {
  if (userId === admin.id) throw new AppError('invalid', 'effacement.soi_meme', 'Un autre administrateur doit décider de votre propre demande.');
  if (compte.estSuperuser) throw new AppError('invalid', 'effacement.superuser', "Le compte d'un superutilisateur ne peut être effacé.");
  if (compte.etablissementId !== admin.etablissementId) throw new AppError('conflict', 'effacement.autre_etablissement', "Cette personne dépend maintenant d'un autre établissement.");
}
