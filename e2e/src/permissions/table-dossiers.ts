import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { lireFiche, versFicheInput } from '@mediai/fiche';
import { ficheComplete } from '@mediai/testing';
import { nextSlot } from '../accounts.ts';
import { row, type Cell } from './row.ts';

const FICHES = '/api/v1/fiche-consultation/';
const RDV = '/api/v1/appointments/';
const page = { page: 1, pageSize: 100 };
const PAGE = '?page_size=100';
const nouvelleFiche = () => ficheComplete();
const saisie = versFicheInput(lireFiche(nouvelleFiche(), { complet: true, defauts: true }).valeurs);
const texte = { traitement: 'Paracétamol 1 g si fièvre, 3 g par jour au plus.' };
const textes = ({ objet }: Cell) => ({ id: objet.id, textes: texte });

/** Whom a request is for: oneself as a patient, else a patient of one's own établissement. */
function patientDe({ column, world }: Cell): number | undefined {
  if (['autrePatient', 'proprietaire'].includes(column)) return undefined;
  if (column === 'superuser') return world.patientDuSuperuser.id;
  return ['medecinAilleurs', 'adminAilleurs'].includes(column) ? world.patientAilleurs.id : world.acteurs.proprietaire.id;
}

const demande = (cell: Cell) => {
  const { start, end } = nextSlot();
  return { patient: patientDe(cell), requested_start: start.toISOString(), requested_end: end.toISOString() };
};
const demandeRpc = (cell: Cell) => {
  const { start, end } = nextSlot();
  return { patient: patientDe(cell), requestedStart: timestampFromDate(start), requestedEnd: timestampFromDate(end) };
};
const accord = () => {
  const { start, end } = nextSlot();
  return { confirmed_start: start.toISOString(), confirmed_end: end.toISOString() };
};
const accordRpc = ({ objet }: Cell) => {
  const { start, end } = nextSlot();
  return { id: objet.id, confirmedStart: timestampFromDate(start), confirmedEnd: timestampFromDate(end) };
};

/** Fiches, conversations, appointments, messages. */
export const DOSSIERS = [
  //                                                                                anonyme autre propr atten ailleurs collègue libre assigné adminA admin super
  row('GET /api/health/', 'HealthService.GetChecks', '                               200    200   200   200   200      200      200   200     200    200   200', { message: () => ({}) }),
  row(null, 'HealthService.GetChecks', '                                             200    200   200   200   200      200      200   200     200    200   200', { service: 'auth' }),
  row(null, 'HealthService.GetChecks', '                                             200    200   200   200   200      200      200   200     200    200   200', { service: 'appointments' }),
  row(null, 'HealthService.GetChecks', '                                             200    200   200   200   200      200      200   200     200    200   200', { service: 'ia' }),
  row(null, 'HealthService.GetChecks', '                                             200    200   200   200   200      200      200   200     200    200   200', { service: 'notifications' }),

  row(`GET ${FICHES}`, 'FicheService.ListFiches', '                                  401    200   200   403e  200      200      200   200     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'fiche', champ: 'fiches', vu: '- - x - - - x x - x -' } }),
  row('GET /api/v1/consultations-distance/', 'FicheService.ListFiches', '            401    200   200   403e  200      200      200   200     200    200   200', { message: () => ({ ...page, isPatientDistance: true }) }),
  row(`POST ${FICHES}`, 'FicheService.CreateFiche', '                                401    201   201   403e  201      201      201   201     201    201   201', { corps: nouvelleFiche, message: () => ({ fiche: saisie }) }),
  row(`GET ${FICHES}{id}/`, 'FicheService.GetFiche', '                               401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'fiche' }),
  row(`PUT ${FICHES}{id}/`, 'FicheService.UpdateFiche', '                            401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'ficheRejetee', corps: nouvelleFiche, message: ({ objet }) => ({ id: objet.id, fiche: saisie, complet: true }) }),
  row(`PATCH ${FICHES}{id}/`, 'FicheService.UpdateFiche', '                          401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'ficheRejetee', corps: () => ({ attentes: 'Guérir.' }), message: ({ objet }) => ({ id: objet.id, fiche: { attentes: 'Guérir.' } }) }),
  row(`DELETE ${FICHES}{id}/`, 'FicheService.DeleteFiche', '                         401    404   204   403e  403      403      403   403     404    204   404', { objet: 'fiche' }),
  row(`POST ${FICHES}{id}/validate/`, 'FicheService.ValidateFiche', '                401    403   403   403e  404      403m     200   200     404    200   404', { objet: 'fiche', corps: () => texte, message: textes }),
  row(`POST ${FICHES}{id}/reject/`, 'FicheService.RejectFiche', '                    401    403   403   403e  404      403m     200   200     404    200   404', { objet: 'fiche', corps: () => ({ commentaire: 'La tension manque.' }), message: ({ objet }) => ({ id: objet.id, commentaire: 'La tension manque.' }) }),
  row(`POST ${FICHES}{id}/relancer/`, 'FicheService.RelancerFiche', '                401    403   403   403e  404      403m     202   202     404    202   404', { objet: 'fiche' }),
  row(`PATCH ${FICHES}{id}/edit-diagnostic/`, 'FicheService.EditDiagnostic', '       401    403   403   403e  404      403m     200   200     404    200   404', { objet: 'fiche', corps: () => texte, message: textes }),
  row(`POST ${FICHES}{id}/send-whatsapp/`, 'FicheService.SendWhatsapp', '            401    403   403   403e  404      403m     200   200     404    200   404', { objet: 'fiche' }),
  row(`GET ${FICHES}{id}/acces/`, 'FicheService.ListAccesFiche', '                   401    404   200   403e  403      403      403   403     404    200   404', { objet: 'fiche', message: ({ objet }) => ({ id: objet.id, ...page }) }),
  row(null, 'FicheService.GetAccesFiche', '                                          401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'fiche' }),

  row('GET /api/v1/conversations/', 'IaService.ListConversations', '                 401    200   200   403e  200      200      200   200     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'conversation', champ: 'conversations', vu: '- - x - - - x x - x -' } }),
  row('GET /api/v1/conversations/{id}/', 'IaService.GetConversation', '              401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'conversation' }),
  row('GET /api/v1/conversations/{id}/messages/', 'IaService.ListConversationMessages', '401 404 200   403e  404      403m     200   200     404    200   404', { objet: 'conversation', message: ({ objet }) => ({ conversationId: objet.id }) }),
  row('GET /api/v1/messages/', 'IaService.ListMessages', '                           401    200   200   403e  200      200      200   200     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'message', champ: 'messages', vu: '- - x - - - x x - x -' } }),
  row('GET /api/v1/messages/{id}/', 'IaService.GetMessage', '                        401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'message' }),

  row(`GET ${RDV}`, 'AppointmentsService.ListAppointments', '                        401    200   200   403e  200      200      200   200     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'rendezVous', champ: 'appointments', vu: '- - x - - - x x - x -' } }),
  row(`POST ${RDV}`, 'AppointmentsService.CreateAppointment', '                      401    201   201   403e  201      201      201   201     201    201   201', { corps: demande, message: demandeRpc }),
  row(`GET ${RDV}{id}/`, 'AppointmentsService.GetAppointment', '                     401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'rendezVous' }),
  row(`POST ${RDV}{id}/confirm/`, 'AppointmentsService.ConfirmAppointment', '        401    403   403   403e  404      403o     200   200     404    403   404', { objet: 'rendezVous', corps: accord, message: accordRpc }),
  row(`POST ${RDV}{id}/decline/`, 'AppointmentsService.DeclineAppointment', '        401    403   403   403e  404      403o     200   200     404    403   404', { objet: 'rendezVous' }),
  row(`POST ${RDV}{id}/cancel/`, 'AppointmentsService.CancelAppointment', '          401    404   200   403e  404      403o     403o  200     404    200   404', { objet: 'rendezVous' }),

  row(null, 'NotificationsService.Send', '                                           401    403   403   403e  404      403m     200   200     404    200   404', { objet: 'fiche', partage: true, message: envoi }),
];

function envoi({ world: { ici, acteurs }, objet }: Cell) {
  const { proprietaire } = acteurs;
  return { canal: 'whatsapp', modele: 'fiche_prete', telephone: proprietaire.phone, prenom: 'Kabibi', numeroDossier: 'CONS-20261124-001', cle: `e2e:permissions:${objet.id}`, ficheId: objet.id, etablissementId: ici };
}

/** What services ask of each other: no person may, whoever. */
export const ENTRE_SERVICES = ['AuthService.GetUsers', 'AuthService.GetRevocations', 'AuthService.GetConsentement', 'FicheService.GetFicheClinique', 'FicheService.GetDestinataire', 'IaService.GetAnalyse', 'NotificationsService.SendCode'].map((method) =>
  row(null, method, '401 403 403 403 403 403 403 403 403 403 403', { message: () => ({}) }),
);
