import type { Acteur } from '@mediai/kit/acteur';
import { exiger, may, refus, type Appointment } from './appointment.ts';
import type { AppointmentStore, Horloge } from './ports.ts';

type Needs = { appointments: Pick<AppointmentStore, 'find' | 'noterMotif' | 'motifDonne'>; clock: Horloge };

/** How long a reason covers an appointment for the médecin who gave it. */
const motifValableMs = 8 * 3600 * 1000;

/**
 * One appointment. A reason for a colleague's is audited and covers 8 h.
 * @throws AppError forbidden by role, `compte.en_attente` or `acces.motif_requis`; not_found for what is not theirs to see
 */
export function createGetAppointment({ appointments, clock }: Needs) {
  return async (acteur: Acteur, id: number, motif?: string): Promise<Appointment> => {
    exiger(acteur, 'lire');
    const appointment = await appointments.find(id);
    if (!appointment) throw refus('introuvable');
    const verdict = may(acteur, 'lire', appointment);
    if (verdict === 'oui') return appointment;
    if (verdict !== 'motif_requis') throw refus(verdict);
    if (motif) await appointments.noterMotif(appointment, acteur, motif);
    else if (!(await appointments.motifDonne(id, acteur.id, new Date(clock().getTime() - motifValableMs)))) throw refus(verdict);
    return appointment;
  };
}
