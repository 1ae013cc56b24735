import type { Canal, Modele } from '../delivery/delivery.ts';

/** Something to be told of which only ids are known yet. */
export type NewAnnonce = {
  modele: Modele;
  ficheId: number | null;
  appointmentId: number | null;
  appointmentVersion: number | null;
  appointmentStatus: string | null;
  /** Start of the appointment. */
  debut: Date | null;
  /** Whom to tell; null for a fiche, whose service says. */
  userId: number | null;
  etablissementId: number;
};

export type Annonce = NewAnnonce & { id: number; attempts: number; traceparent: string | null };

/** How it ended: a delivery was made; nothing is left to tell; nobody can be reached; a newer state took its place. */
export type Issue = 'envoyee' | 'sans_objet' | 'sans_telephone' | 'remplacee';

/** A change of an appointment, as its event tells it. */
export type AppointmentChange = {
  id: number;
  patientId: number;
  medecinId: number | null;
  etablissementId: number;
  status: string;
  debut: Date | null;
  version: number;
  kind: 'confirmed' | 'declined' | 'cancelled';
  /** Who cancelled. */
  parUserId: number | null;
};

/** A validated fiche is told to its patient. */
export function annonceOfFiche(fiche: { id: number; etablissementId: number }): NewAnnonce {
  return {
    modele: 'fiche_prete', ficheId: fiche.id, appointmentId: null, appointmentVersion: null, appointmentStatus: null, debut: null, userId: null,
    etablissementId: fiche.etablissementId,
  };
}

/** The patient is told of what others did, the médecin of what the patient cancelled; nobody of what they did themselves. */
export function annoncesOfAppointment(change: AppointmentChange): NewAnnonce[] {
  const toPatient = (modele: Modele) => [annonce(change, modele, change.patientId)];
  if (change.kind === 'confirmed') return toPatient('appointment_confirme');
  if (change.kind === 'declined') return toPatient('appointment_refuse');
  if (change.parUserId !== change.patientId) return toPatient('appointment_annule');
  return change.medecinId === null ? [] : [annonce(change, 'appointment_annule_medecin', change.medecinId)];
}

/** The key of the delivery that an appointment's announcement becomes. */
export function appointmentKey({ appointmentId, appointmentStatus, appointmentVersion }: NewAnnonce): string {
  return `appointment:${appointmentId}:${appointmentStatus}:${appointmentVersion}`;
}

/** The key of the message that tells of a fiche's content over a channel, announced or sent by hand. */
export function ficheKey(ficheId: number, contenuCle: string, canal: string = 'whatsapp' satisfies Canal): string {
  return `fiche:${ficheId}:${contenuCle}${canal === 'whatsapp' ? '' : `:${canal}`}`;
}

function annonce(change: AppointmentChange, modele: Modele, userId: number): NewAnnonce {
  return {
    modele, ficheId: null, appointmentId: change.id, appointmentVersion: change.version, appointmentStatus: change.status, debut: change.debut, userId,
    etablissementId: change.etablissementId,
  };
}
