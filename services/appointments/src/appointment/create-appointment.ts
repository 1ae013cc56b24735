import { quiAgit, type Acteur } from '@mediai/kit/acteur';
import { isAway } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import type { Appointment, NewAppointment } from './appointment.ts';
import { createFaults, readMode, readTexte, readTimes, type Faults } from './demande.ts';
import type { AppointmentStore, CleIdempotence, Compter, Horloge, TrouverFiche, TrouverUtilisateurs, Utilisateur } from './ports.ts';

/** What someone asks for. Whom a patient names as patient is ignored: it is themselves. */
export type DemandeAppointment = {
  patient?: number | undefined;
  medecin?: number | undefined;
  fiche?: number | undefined;
  requestedStart?: Date | undefined;
  requestedEnd?: Date | undefined;
  consultationMode?: string | undefined;
  locationNote?: string | undefined;
  messagePatient?: string | undefined;
};

type Appel = { acteur: Acteur; demande: DemandeAppointment; motif?: string | undefined; idempotence?: CleIdempotence | undefined };
type Needs = {
  appointments: Pick<AppointmentStore, 'create' | 'rejouer'>;
  trouverUtilisateurs: TrouverUtilisateurs;
  trouverFiche: TrouverFiche;
  compter: Compter;
  clock: Horloge;
};

/**
 * Asks for an appointment, `pending`: the row, `AppointmentRequested`, the audit row and the idempotency key are one transaction.
 * @throws AppError invalid naming every faulty field; forbidden by role; unavailable while who or what is named cannot be verified
 */
export function createCreateAppointment({ appointments, trouverUtilisateurs, trouverFiche, compter, clock }: Needs) {
  return async ({ acteur, demande, motif, idempotence }: Appel): Promise<{ appointment: Appointment } | { rejouee: Uint8Array }> => {
    exiger(acteur, 'creer');
    const cle = idempotence && { ...idempotence, acteurId: acteur.id };
    // Before anything else is judged: the answer to a repeated request does not change with the hour, nor wait for others.
    const rejouee = cle && (await appointments.rejouer(cle));
    if (rejouee) return { rejouee };

    const at = clock();
    const nouveau = readDemande(acteur, demande, at);
    await verifierPersonnes(trouverUtilisateurs, acteur, nouveau);
    if (nouveau.fiche !== null) await verifierFiche(trouverFiche, acteur, nouveau, nouveau.fiche, motif);

    const creation = await appointments.create(nouveau, { acte: { acteur, action: 'appointment.demander' }, evenement: { type: 'AppointmentRequested' } }, { at, idempotence: cle });
    if ('rejouee' in creation) return creation;
    compter('requested');
    return { appointment: creation.cree };
  };
}

function readDemande(acteur: Acteur, demande: DemandeAppointment, at: Date): NewAppointment {
  const faults = createFaults();
  const patient = quiAgit(acteur) === 'patient' ? acteur.id : demande.patient;
  if (patient === undefined) faults.add('patient', 'Ce champ est obligatoire.');
  const { start, end } = readTimes(faults, 'requested', demande.requestedStart, demande.requestedEnd);
  if (demande.requestedStart && demande.requestedStart < at) faults.add('requested_start', 'Le début ne peut pas être dans le passé.');
  const nouveau: NewAppointment = {
    patient: patient ?? 0,
    medecin: demande.medecin ?? null,
    fiche: demande.fiche ?? null,
    etablissementId: acteur.etablissementId,
    requestedStart: start,
    requestedEnd: end,
    consultationMode: readMode(faults, demande.consultationMode),
    locationNote: readTexte(faults, 'location_note', demande.locationNote),
    messagePatient: readTexte(faults, 'message_patient', demande.messagePatient),
  };
  faults.refuse();
  return nouveau;
}

/** Patient and médecin must be of the actor's établissement. A patient who acts needs no verification, only a name for the lists. */
async function verifierPersonnes(trouver: TrouverUtilisateurs, acteur: Acteur, { patient, medecin }: NewAppointment): Promise<void> {
  const ownRequest = patient === acteur.id && quiAgit(acteur) === 'patient';
  const users = await trouver(medecin === null ? [patient] : [patient, medecin]).catch((error: unknown) => {
    if (ownRequest && medecin === null && isAway(error)) return new Map<number, Utilisateur>();
    throw error;
  });
  const faults = createFaults();
  if (!ownRequest && !estDeLEtablissement(users.get(patient), 'patient', acteur)) faults.add('patient', 'Ce patient est inconnu.');
  if (medecin !== null) verifierMedecin(faults, acteur, users.get(medecin), medecin);
  faults.refuse();
}

function verifierMedecin(faults: Faults, acteur: Acteur, medecin: Utilisateur | undefined, id: number): void {
  if (!estDeLEtablissement(medecin, 'medecin', acteur) || !medecin.approuve) faults.add('medecin', 'Ce médecin est inconnu.');
  else if (!medecin.isAvailable && acteur.id !== id && quiAgit(acteur) === 'patient') faults.add('medecin', "Ce médecin n'est pas disponible.");
}

function estDeLEtablissement(user: Utilisateur | undefined, role: string, acteur: Acteur): user is Utilisateur {
  return user !== undefined && user.role === role && user.isActive && user.etablissementId === acteur.etablissementId;
}

async function verifierFiche(trouver: TrouverFiche, acteur: Acteur, { patient, etablissementId }: NewAppointment, id: number, motif: string | undefined): Promise<void> {
  const fiche = await trouver(acteur, id, motif);
  const faults = createFaults();
  if (fiche === undefined || fiche.etablissementId !== etablissementId) faults.add('fiche', 'Cette fiche est inconnue.');
  else if (fiche.user !== null && fiche.user !== patient) faults.add('fiche', "Cette fiche n'est pas celle de ce patient.");
  faults.refuse();
}
