import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AppointmentsService, type Appointment } from '@mediai/contracts/appointments/v1/appointments_service';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import type { FicheConsultation } from '@mediai/contracts/consultation/v1/fiche';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { versFicheInput } from '@mediai/fiche';
import { appointmentJson } from '../../services/gateway/src/wire/appointment-json.ts';
import { ficheJson, ficheReserveeJson } from '../../services/gateway/src/wire/fiche-json.ts';
import { present } from '../../services/gateway/src/wire/present.ts';
import { userJson } from '../../services/gateway/src/wire/user-json.ts';
import type { Operations, Versioned } from '../floor/operations.ts';
import type { connect } from './call.ts';

function ofFiche(message: FicheConsultation | undefined): Versioned {
  const fiche = present(message);
  return { json: JSON.stringify(ficheJson(fiche)), id: fiche.id, version: fiche.version };
}

function ofAppointment(message: Appointment | undefined): Versioned {
  const appointment = present(message);
  return { json: JSON.stringify(appointmentJson(appointment)), id: appointment.id, version: appointment.version };
}

/** Each operation is one call of the service behind the hop, and its message as the gateway writes it. */
export function createHopOperations({ method }: Pick<ReturnType<typeof connect>, 'method'>): Operations {
  const getMe = method(AuthService.method.getMe);
  const { getFiche, listFiches, createFiche, editDiagnostic } = FicheService.method;
  const fiches = { get: method(getFiche), list: method(listFiches), create: method(createFiche), edit: method(editDiagnostic) };
  const appointments = { create: method(AppointmentsService.method.createAppointment), list: method(AppointmentsService.method.listAppointments) };
  return {
    getMe: async (appel) => JSON.stringify(userJson(present((await getMe(appel, {})).user))),
    getFiche: async (appel, id) => ofFiche((await fiches.get(appel, { id })).fiche),
    async listFiches(appel, { isPatientDistance, ...demande }) {
      const { fiches: found, reservee, count, countExact, nextCursor } = await fiches.list(appel, { ...demande, status: [...demande.status], urgence: [...demande.urgence], isPatientDistance });
      return { count: count + (reservee ? 1 : 0), countExact, nextCursor, items: [...found.map((fiche) => JSON.stringify(ficheJson(fiche))), ...(reservee ? [JSON.stringify(ficheReserveeJson(reservee))] : [])] };
    },
    createFiche: async (appel, saisie, assignedMedecin) => ofFiche((await fiches.create(appel, { fiche: versFicheInput(saisie), assignedMedecin })).fiche),
    async editDiagnostic(appel, id, { diagnostic, traitement, examen_complementaire, recommandations }) {
      const textes = { diagnostic: diagnostic ?? undefined, traitement: traitement ?? undefined, examenComplementaire: examen_complementaire ?? undefined, recommandations: recommandations ?? undefined };
      return ofFiche((await fiches.edit(appel, { id, textes, versionAttendue: appel.versionAttendue })).fiche);
    },
    async createAppointment(appel, { requestedStart, requestedEnd, ...demande }) {
      const times = { requestedStart: requestedStart && timestampFromDate(requestedStart), requestedEnd: requestedEnd && timestampFromDate(requestedEnd) };
      return ofAppointment((await appointments.create(appel, { ...demande, ...times })).appointment);
    },
    async listAppointments(appel, { status, ...demande }) {
      const { appointments: found, count, countExact } = await appointments.list(appel, { ...demande, status: [...status] });
      return { count, countExact, items: found.map((one) => JSON.stringify(appointmentJson(one))) };
    },
  };
}
