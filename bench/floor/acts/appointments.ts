import { AppError } from '@mediai/kit/errors';
import type { Page } from '@mediai/kit/page';
import type { Appointment } from '../../../services/appointments/src/appointment/appointment.ts';
import { createConfirmAppointment } from '../../../services/appointments/src/appointment/confirm-appointment.ts';
import { createCreateAppointment, type DemandeAppointment } from '../../../services/appointments/src/appointment/create-appointment.ts';
import { createListAppointments } from '../../../services/appointments/src/appointment/list-appointments.ts';
import type { AppointmentStore, PageAppointments, TrouverFiche } from '../../../services/appointments/src/appointment/ports.ts';
import { isExclusionViolation, retrying } from '../../../services/appointments/src/database-errors.ts';
import type { Appel } from '../appel.ts';
import type { Pools } from '../databases.ts';
import { findAppointment, findUsers, insertAppointment, listAppointments, noteAppointment, updateAppointment } from '../sql/appointment-sql.ts';
import { askFiche } from './open-fiche.ts';

export type { DemandeAppointment };
export interface Confirmation {
  readonly id: number;
  readonly confirmedStart: Date;
  readonly confirmedEnd: Date;
  readonly messageMedecin: string | undefined;
}
export type DemandeRendezVous = Page & { readonly status: readonly string[]; readonly dateDebut: string | undefined; readonly dateFin: string | undefined };

/** No idempotency key is ever given to these use cases, so that no answer is one given before. */
function fait(reponse: { appointment: Appointment } | { rejouee: Uint8Array }): Appointment {
  if ('appointment' in reponse) return reponse.appointment;
  throw new AppError('internal');
}

/** Appointments by the rules of their service: one round trip to read or judge, one to write. */
export function createAppointments({ appointments: pool, consultation }: Pick<Pools, 'appointments' | 'consultation'>) {
  const clock = (): Date => new Date();
  const compter = (): void => undefined;

  const findFicheFor = (appel: Appel): TrouverFiche => async (_acteur, id) => {
    try {
      const { user, etablissement_id: etablissementId } = await askFiche(consultation, appel, 'ouvrir', id);
      return { user, etablissementId };
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not_found') return undefined;
      throw error;
    }
  };
  const changeFor = (appel: Appel): AppointmentStore['change'] => (id, decide, { at, juger }) =>
    retrying(async () => {
      const seen = await findAppointment(pool, id);
      juger?.(seen);
      const { changement, acte } = decide(seen);
      const ecrit = seen && (await updateAppointment(pool, seen, changement, at, appel, acte));
      return ecrit ? { ecrit } : ('perdue' as const);
    }).catch((error: unknown) => {
      if (isExclusionViolation(error)) return 'creneau_pris' as const;
      throw error;
    });

  return {
    /** @throws AppError */
    async createAppointment(appel: Appel, demande: DemandeAppointment): Promise<Appointment> {
      const create = createCreateAppointment({
        appointments: { create: async (nouveau, { acte }, { at }) => ({ cree: await insertAppointment(pool, nouveau, at, appel, acte) }), rejouer: async () => undefined },
        trouverUtilisateurs: (ids) => findUsers(pool, ids),
        trouverFiche: findFicheFor(appel),
        compter, clock,
      });
      return fait(await create({ acteur: appel.acteur, demande, motif: appel.motif }));
    },
    /** @throws AppError */
    async confirmAppointment(appel: Appel, confirmation: Confirmation): Promise<Appointment> {
      const confirm = createConfirmAppointment({ appointments: { change: changeFor(appel), noter: (appointment, acte) => noteAppointment(pool, appointment, appel, acte) }, compter, clock });
      return fait(await confirm({ acteur: appel.acteur, versionAttendue: appel.versionAttendue, ...confirmation }));
    },
    /** @throws AppError */
    listAppointments(appel: Appel, demande: DemandeRendezVous): Promise<PageAppointments> {
      const noted = async (): Promise<void> => undefined; // with the page itself
      return createListAppointments({ appointments: { list: (filtre) => listAppointments(pool, filtre, appel), noterPage: noted } })({ acteur: appel.acteur, ...demande });
    },
  };
}
