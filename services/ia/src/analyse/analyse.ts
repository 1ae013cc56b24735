import type { Fusion } from '../fusion/fusionner.ts';
import type { LigneClinique } from '../voix/prompt.ts';
import type { RoleVoix, Urgence, Vote } from '../voix/vote.ts';

export type EtatAnalyse = 'en_attente' | 'en_cours' | 'terminee' | 'echouee';

/** Why an analysis failed wholly; stable codes that consultation shows to médecins. */
export type CodeEchec = 'ia.consentement_absent' | 'ia.aucune_voix_active' | 'ia.aucune_voix_valide' | 'ia.delai_depasse' | 'ia.fiche_introuvable';

/** What a model may be given of a fiche. */
export type FicheClinique = { version: number; lignes: LigneClinique[]; urgenceRegles: Urgence; iaPermise: boolean };

/** An analysis in the hands of the worker that leased it. */
export type AnalyseEnBail = {
  id: number;
  taskId: string;
  ficheId: number;
  /** Proof of the lease: a write without it changes nothing. */
  jeton: string;
  /** How often it was taken up, this time included. */
  essais: number;
  demandeeLe: Date;
  commenceeLe: Date;
  traceparent: string | undefined;
  /** What an earlier attempt gave to the voices, so that all of them judge the same content. */
  contenu: { version: number; lignes: LigneClinique[]; urgenceRegles: Urgence } | undefined;
};

/** One voice's part in an analysis; `vote` only when `resultat` is `valide`. */
export type Avis = {
  role: RoleVoix;
  fournisseur: string;
  modele: string;
  simulation: boolean;
  resultat: string;
  tentatives: number;
  dureeMs: number;
  jetonsEntree: number;
  jetonsSortie: number;
  vote: Vote | undefined;
};

/** How an analysis ends. */
export type FinAnalyse =
  | { etat: 'echouee'; code: CodeEchec; voixDemandees: number; simulation: boolean }
  | {
      etat: 'terminee';
      voixDemandees: number;
      voixValides: number;
      urgenceIa: Urgence | undefined;
      relecturePrioritaire: boolean;
      simulation: boolean;
      synthesePar: RoleVoix | undefined;
      fusion: Fusion;
      /** Text of the synthesis, without HTML. */
      synthese: string;
    };

/** An analysis as other services read it. */
export type AnalyseLue = {
  id: number;
  ficheId: number;
  ficheVersion: number;
  taskId: string;
  etat: EtatAnalyse;
  synthese: string | undefined;
  urgenceIa: string | undefined;
  echecCode: string | undefined;
  simulation: boolean;
};

/** What a fiche's event brings: its state, and the task of the analysis that it asks for. */
export type EvenementFiche = {
  eventId: string;
  fiche: EtatFiche;
  taskId: string | undefined;
  traceparent: string | undefined;
  /** Taken over from another system, and so is its conversation if there was one: none is opened. */
  importee?: boolean;
};

/** The state of a fiche as its events carry it. */
export type EtatFiche = {
  id: number;
  numeroDossier: string;
  userId?: number;
  assignedMedecinId?: number;
  etablissementId: number;
  status: string;
  version: number;
  publishedAnalyseIds: number[];
  deleted: boolean;
};
