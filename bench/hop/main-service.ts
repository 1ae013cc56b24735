/**
 * The far end of the hop: the floor's acts behind gRPC with the real messages. Its environment is the floor's, with
 * HOP_GRPC_PORT.
 */
import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import { AppointmentsService } from '@mediai/contracts/appointments/v1/appointments_service';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { depuisFicheInput } from '@mediai/fiche';
import { toUser } from '../../services/auth/src/account/user-message-rpc.ts';
import type { VueFiche } from '../../services/consultation/src/fiche/vue.ts';
import { versMessage } from '../../services/consultation/src/fiche/vue-rpc.ts';
import { openPools } from '../floor/databases.ts';
import { createActs } from '../floor/floor-operations.ts';
import { runUntilAsked } from '../floor/process.ts';
import { readPort, readSettings } from '../floor/settings.ts';
import { createVerify } from '../floor/tokens.ts';
import { appointmentMessage } from './appointment-message.ts';
import { createServed, serve } from './serve.ts';

const settings = readSettings();
const { pools, close } = openPools(settings);
const acts = createActs(pools, settings);
const served = createServed(createVerify(settings.jwksUrl, undefined, pools.auth));

const ficheOf = (vue: VueFiche) => ({ fiche: versMessage(vue) });
const dateOf = (instant: Timestamp | undefined): Date | undefined => instant && timestampDate(instant);

const end = await serve(readPort('HOP_GRPC_PORT'), [
  served(AuthService.method.getMe, async (appel) => ({ user: toUser(await acts.getMe(appel)) })),
  served(FicheService.method.getFiche, async (appel, { id }) => ficheOf(await acts.getFiche(appel, id))),
  served(FicheService.method.listFiches, async (appel, { search = '', ordering = '', ...asked }) => {
    const { vues, reservee, ...page } = await acts.listFiches(appel, { ...asked, search, ordering, cursor: asked.cursor || undefined });
    return { ...page, fiches: vues.map(versMessage), reservee: reservee && { id: reservee.id, numeroDossier: reservee.numero_dossier } };
  }),
  served(FicheService.method.createFiche, async (appel, { fiche, assignedMedecin }) => ficheOf(await acts.createFiche(appel, fiche ? depuisFicheInput(fiche) : {}, assignedMedecin))),
  served(FicheService.method.editDiagnostic, async (appel, { id, textes, versionAttendue }) => {
    const { diagnostic, traitement, examenComplementaire: examen_complementaire, recommandations } = textes ?? {};
    return ficheOf(await acts.editDiagnostic({ ...appel, versionAttendue }, id, { diagnostic, traitement, examen_complementaire, recommandations }));
  }),
  served(AppointmentsService.method.createAppointment, async (appel, { requestedStart, requestedEnd, ...demande }) => {
    const appointment = await acts.createAppointment(appel, { ...demande, requestedStart: dateOf(requestedStart), requestedEnd: dateOf(requestedEnd) });
    return { appointment: appointmentMessage(appointment), replayed: false };
  }),
  served(AppointmentsService.method.listAppointments, async (appel, { status, dateDebut, dateFin, page, pageSize }) => {
    const { appointments, ...compte } = await acts.listAppointments(appel, { status, dateDebut, dateFin, page, pageSize });
    return { ...compte, appointments: appointments.map(appointmentMessage) };
  }),
]);
runUntilAsked(async () => {
  await end();
  await close();
});
