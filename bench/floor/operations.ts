import type { FicheValeurs } from '@mediai/fiche';
import type { Compte, Page } from '@mediai/kit/page';
import type { TextesMedecin } from '../../services/consultation/src/fiche/fiche.ts';
import type { Login, TokenPair } from '../../services/auth/src/token/issue-token.ts';
import type { Confirmation, DemandeAppointment, DemandeRendezVous } from './acts/appointments.ts';
import type { DemandeListe } from './acts/read-fiches.ts';
import type { Appel } from './appel.ts';

/** An answer as JSON, and the version under which it is tagged. */
export interface Versioned {
  readonly json: string;
  readonly id: number;
  readonly version: number;
}

/** A page whose items are JSON already. */
export interface JsonPage extends Compte {
  readonly items: string[];
  readonly nextCursor?: string | undefined;
}

/** What is measured. The floor does it itself, the hop asks another process; routes do not know which. Each throws AppError. */
export interface Operations {
  getMe(appel: Appel): Promise<string>;
  getFiche(appel: Appel, id: number): Promise<Versioned>;
  listFiches(appel: Appel, demande: DemandeListe): Promise<JsonPage>;
  createFiche(appel: Appel, saisie: Partial<FicheValeurs>, assignedMedecin: number | undefined): Promise<Versioned>;
  editDiagnostic(appel: Appel, id: number, textes: TextesMedecin): Promise<Versioned>;
  createAppointment(appel: Appel, demande: DemandeAppointment): Promise<Versioned>;
  listAppointments(appel: Appel, demande: DemandeRendezVous): Promise<JsonPage>;
}

/** What is measured of the floor alone. */
export interface FloorOperations extends Operations {
  issueToken(login: Login, requestId: string): Promise<TokenPair>;
  validateFiche(appel: Appel, id: number, textes: TextesMedecin, analyses: readonly number[]): Promise<Versioned>;
  confirmAppointment(appel: Appel, confirmation: Confirmation): Promise<Versioned>;
  listAvailable(appel: Appel, page: Page, specialty: string | undefined): Promise<JsonPage>;
  listMessages(appel: Appel, conversationId: number): Promise<string>;
  /** What each database says of itself. */
  check(): Promise<Record<string, Record<string, string> | undefined>>;
}
