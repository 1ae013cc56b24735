import type { Acteur } from '@mediai/kit/acteur';
import { estSien, exiger, may, motifValableMs, refus } from '../acces/acces.ts';
import type { Appointment } from './appointment.ts';
import { actionMotif, type AppointmentStore, type Horloge } from './ports.ts';

type Needs = { appointments: Pick<AppointmentStore, 'find' | 'noter' | 'motifDonne'>; clock: Horloge };

const action = 'appointment.lire';

/**
 * One appointment. Its reading by anybody but its patient is audited before the answer, and so is a refusal for want of a
 * reason; a reason for a colleague's covers 8 h.
 * @throws AppError forbidden by role, `compte.en_attente` or `acces.motif_requis`; not_found for what is not theirs to see
 */
export function createGetAppointment({ appointments, clock }: Needs) {
  async function exigerMotif(acteur: Acteur, appointment: Appointment): Promise<void> {
    if (await appointments.motifDonne(appointment.id, acteur.id, new Date(clock().getTime() - motifValableMs))) return;
    const error = refus('motif_requis');
    await appointments.noter(appointment, { acteur, action, issue: 'refus', raison: error.code });
    throw error;
  }

  return async (acteur: Acteur, id: number, motif?: string): Promise<Appointment> => {
    exiger(acteur, 'lire');
    const appointment = await appointments.find(id);
    if (!appointment) throw refus('introuvable');
    const verdict = may(acteur, 'lire', appointment);
    if (verdict !== 'oui' && verdict !== 'motif_requis') throw refus(verdict);
    if (estSien(acteur, appointment)) return appointment;
    const raison = verdict === 'motif_requis' ? motif : undefined;
    if (verdict === 'motif_requis' && !raison) await exigerMotif(acteur, appointment);
    await appointments.noter(appointment, raison ? { acteur, action: actionMotif, raison } : { acteur, action });
    return appointment;
  };
}
