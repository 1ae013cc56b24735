import type { Acteur } from '@mediai/kit/acteur';
import type { Compte, Page } from '@mediai/kit/page';
import type { Appointment, Changement, NewAppointment, Statut } from './appointment.ts';

export type Horloge = () => Date;

/** What happened to an appointment, as other services are told. */
export type EvenementAppointment =
  | { readonly type: 'AppointmentRequested' | 'AppointmentConfirmed' | 'AppointmentDeclined' }
  | { readonly type: 'AppointmentCancelled'; readonly parUserId: number };

/** Who did what; never a typed text. */
export type Acte = {
  /** Null for what the system does by itself. */
  readonly acteur: Pick<Acteur, 'id' | 'role' | 'estAdmin' | 'service'> | null;
  /** Stable: `appointment.confirmer`. */
  readonly action: string;
  /** The reason given by who reads a colleague's, or the code of a refusal. */
  readonly raison?: string | undefined;
  /** How it ended; `ok` unless said. */
  readonly issue?: 'ok' | 'refus';
};

/** An Idempotency-Key, what was asked under it and how the answer is written. */
export type CleIdempotence = {
  readonly route: string;
  readonly cle: string;
  readonly corps: Uint8Array;
  readonly ecrire: (appointment: Appointment) => Uint8Array;
};
export type Idempotence = CleIdempotence & { readonly acteurId: number };

/** What is committed together with the appointment itself. */
export type Effets = { readonly acte: Acte; readonly evenement: EvenementAppointment };
export type Decision = Effets & { readonly changement: Changement };
type Options = { readonly at: Date; readonly idempotence?: Idempotence | undefined };

export type Creation = { readonly cree: Appointment } | { readonly rejouee: Uint8Array };
/** `perdue`: another write came first; `creneau_pris`: the médecin has a confirmed appointment at that time. */
export type Ecriture = { readonly ecrit: Appointment } | { readonly rejouee: Uint8Array } | 'perdue' | 'creneau_pris';

export type FiltreAppointments = Page & {
  /** Only this patient's. */
  readonly patient?: number | undefined;
  readonly etablissementId?: number | undefined;
  /** Only unassigned ones, those of this médecin and those of whom they are the patient. */
  readonly visibleDe?: number | undefined;
  /** Any of these; empty for all. */
  readonly status: readonly Statut[];
  /** Confirmed start, else the requested one: from this instant on, and before that one. */
  readonly depuis?: Date | undefined;
  readonly avant?: Date | undefined;
};

export type PageAppointments = { readonly appointments: Appointment[] } & Compte;

export type AppointmentStore = {
  find: (id: number) => Promise<Appointment | undefined>;
  /** Newest first. */
  list: (filtre: FiltreAppointments) => Promise<PageAppointments>;
  /** Appointment, event, audit row and idempotency key in one transaction; `id` is given by demonstrations only. */
  create: (nouveau: NewAppointment & { id?: number }, effets: Effets, options: Options) => Promise<Creation>;
  /**
   * The same for a change: `decide` sees the appointment and must wait for nothing; where it throws nothing is written,
   * and no key taken. Written only if the version that it saw is still there. A first answer is given again
   * only where `juger` lets the appointment be seen.
   */
  change: (id: number, decide: (appointment: Appointment | undefined) => Decision, options: Options & { readonly juger?: (appointment: Appointment | undefined) => void }) => Promise<Ecriture>;
  /** The first answer under an idempotency key, if it was given. @throws AppError unprocessable for another body */
  rejouer: (idempotence: Idempotence) => Promise<Uint8Array | undefined>;
  /** Audits what changes nothing: a reading, a refusal. */
  noter: (appointment: Pick<Appointment, 'id' | 'etablissementId'>, acte: Acte) => Promise<void>;
  /** Audits that these were shown together; each once an hour for each reader. */
  noterPage: (appointments: readonly Pick<Appointment, 'id' | 'etablissementId'>[], acteur: Acteur) => Promise<void>;
  /** Whether this médecin gave a reason for this appointment since then. */
  motifDonne: (appointmentId: number, acteurId: number, depuis: Date) => Promise<boolean>;
};

/** A user as this service knows them. */
export type Utilisateur = { readonly role: string; readonly isActive: boolean; readonly approuve: boolean; readonly isAvailable: boolean; readonly etablissementId: number };

/** The known ones among some users, by id; who is unknown here is asked of auth once. @throws AppError unavailable, deadline */
export type TrouverUtilisateurs = (ids: readonly number[]) => Promise<ReadonlyMap<number, Utilisateur>>;

/**
 * Whose a fiche is, asked of consultation for the actor: undefined for one that the actor may not see.
 * @throws AppError unavailable, deadline; forbidden `acces.motif_requis`
 */
export type TrouverFiche = (acteur: Acteur, id: number, motif: string | undefined) => Promise<{ user: number | null; etablissementId: number } | undefined>;

/** The action under which a page is kept. */
export const actionPage = 'appointment.lister';

/** The action under which a reason is kept. */
export const actionMotif = 'appointment.lire_avec_motif';

/** Counts what became of requests: requested, confirmed, declined, cancelled, creneau_pris, perdue. */
export type Compter = (issue: string) => void;
