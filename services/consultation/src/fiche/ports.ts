import type { FicheValeurs, Statut, Urgence } from '@mediai/fiche';
import type { Compte, Page } from '@mediai/kit/page';
import type { Objet } from '../acces/acces.ts';
import type { Acte, Idempotence, Sujet } from '../acces/journal.ts';
import type { FichierDepose } from '../fichier/ports.ts';
import type { Curseur, OrdreFiches } from './curseur.ts';
import type { Changement, Fiche, NouvelleFiche, Triage } from './fiche.ts';

export type Horloge = () => Date;

/** What happened to a fiche, as other services are told. */
export type EvenementFiche =
  | { readonly type: 'FicheCreated' | 'AnalyseRequested'; readonly taskId: string }
  | { readonly type: 'FicheUpdated'; readonly taskId: string | null }
  | { readonly type: 'FicheAnalysed'; readonly analyseId: number | null }
  | { readonly type: 'FicheValidated' | 'FicheRejected'; readonly medecinId: number }
  | { readonly type: 'FicheEdited' | 'FicheDeleted' | 'FicheRestored' | 'FicheImported' };

/** What is committed together with the fiche itself. */
export interface Effets {
  readonly acte: Acte;
  readonly evenements: readonly EvenementFiche[];
  readonly idempotence?: Idempotence | undefined;
  /** Deposited files that the fiche refers to now, and kept ones to which it no longer does. */
  readonly fichiers?: { readonly garder?: FichierDepose | undefined; readonly relacher?: string | undefined } | undefined;
  /** Id of the event that this is the effect of: it has its effect once. */
  readonly evenementRecu?: string | undefined;
}

export type Creation = { readonly creee: Fiche } | { readonly rejouee: Uint8Array };
/** `perdue`: another write came first; `deja`: the received event has had its effect. */
export type Ecriture = { readonly ecrite: Fiche } | { readonly rejouee: Uint8Array } | 'perdue' | 'deja';

/** Whether a write deletes the fiche, or takes that back. */
export type Suppression = 'faire' | 'defaire';

export interface FiltreFiches extends Page {
  /** Only this owner's. */
  readonly user?: number | undefined;
  readonly etablissementId?: number | undefined;
  /** Only unassigned fiches, those assigned to this médecin and the own dossier. */
  readonly visibleDe?: number | undefined;
  readonly assigneeA?: number | undefined;
  /** Any of these. */
  readonly status?: readonly Statut[] | undefined;
  readonly urgence?: readonly Urgence[] | undefined;
  readonly isPatientDistance?: boolean | undefined;
  /** Deleted ones, and only these. */
  readonly supprimees?: boolean | undefined;
  /** Words that must all be found, folded. */
  readonly mots: readonly string[];
  readonly ordre: OrdreFiches;
  /** Read on behind this place; the page's number then counts for nothing. */
  readonly curseur?: Curseur | undefined;
}

export interface FicheStore {
  /** Not deleted. */
  find(id: number): Promise<Fiche | undefined>;
  /** Deleted, and only then. */
  findSupprimee(id: number): Promise<Fiche | undefined>;
  /** Version of one that is not deleted. */
  version(id: number): Promise<number | undefined>;
  /** One that is not deleted, by dossier number. */
  findNumero(numero: string): Promise<Fiche | undefined>;
  /** What of these decides who may do what with them. */
  objets(ids: readonly number[]): Promise<(Sujet & Objet)[]>;
  /** A page, and whether there are more behind it. */
  list(filtre: FiltreFiches): Promise<{ fiches: Fiche[]; suite: boolean } & Compte>;
  /** Fiche, events, audit row, line of history and idempotency key in one transaction. */
  create(nouvelle: NouvelleFiche, effets: Effets): Promise<Creation>;
  /** The same for a change of the version that was read; `suppression` also makes the fiche invisible, or visible again. */
  update(avant: Fiche, changement: Changement, effets: Effets, options?: { suppression?: Suppression | undefined }): Promise<Ecriture>;
  /** A received event that changes nothing is taken. */
  marquerRecu(evenementRecu: string): Promise<void>;
  /** Ids of fiches whose running analysis was asked for before then; the oldest first. */
  analysesSansResultat(avant: Date, limite: number): Promise<number[]>;
  /** Asks for analyses that were put off until now; returns how many. */
  demanderDifferees(maintenant: Date, limite: number): Promise<number>;
  /** Takes a block of dossier numbers of a day: the last number of the block. */
  prendreBloc(jour: string, taille: number): Promise<number>;
}

export interface Utilisateur {
  readonly id: number;
  readonly role: string;
  readonly estActif: boolean;
  readonly approuve: boolean;
  readonly disponible: boolean;
  readonly etablissementId: number;
}

/** How a user is called. */
export interface Nom {
  readonly username: string;
  /** First and last name. */
  readonly nom: string;
}

/** State of a user's consent. */
export type Consentement = 'absent' | 'accorde' | 'retire';

export interface Etablissement {
  readonly id: number;
  /** Null while auth has not told it. */
  readonly nom: string | null;
  readonly telephoneUrgence: string | null;
  /** IANA zone. */
  readonly fuseau: string;
  readonly consentementIa: string;
}

/** Users and établissements as this service knows them. */
export interface Annuaire {
  /** Asked of auth once when unknown here. @throws AppError unavailable when auth is away */
  trouverUtilisateur(id: number): Promise<Utilisateur | undefined>;
  /** From the projection, else the defaults of this service; never asks anybody. */
  etablissement(id: number): Promise<Etablissement>;
  /** From the projection, else asked of auth. @throws AppError unavailable */
  consentementIa(id: number): Promise<string>;
  /** Whether a user agreed that models are asked; never kept here. @throws AppError unavailable when auth is away */
  consentement(userId: number): Promise<Consentement>;
  /** Names by id; the unknown ones are asked of auth in one batch, and left out while it is away. */
  nommer(ids: readonly number[]): Promise<Map<number, Nom>>;
}

/** Runs the rules on the values of a fiche, and on texts beside it. */
export type Trier = (valeurs: FicheValeurs & { readonly messages?: readonly string[] }, maintenant: Date) => Triage;
/** Checks measured values: refusals by field, and the values to store. */
export type VerifierMesures = (valeurs: Partial<FicheValeurs>, maintenant: Date) => { erreurs: Record<string, string[]>; normalises: Partial<FicheValeurs> };
