import { call } from '../client.ts';
import type { CallRpc } from '../rpc.ts';

/** A reading of every service through the gateway. */
export const REST_ROUTES = ['/api/v1/auth/me/', '/api/v1/fiche-consultation/', '/api/v1/appointments/', '/api/v1/conversations/'] as const;

const page = { page: 1, pageSize: 1 };
/** One call of every service itself, which an approved médecin may make. */
export const RPC_METHODS: readonly [string, object][] = [
  ['AuthService.GetMe', {}],
  ['FicheService.ListFiches', page],
  ['AppointmentsService.ListAppointments', page],
  ['IaService.ListConversations', page],
  ['NotificationsService.Send', { canal: 'whatsapp', modele: 'fiche_prete', telephone: '+243812345699', prenom: 'Kabibi', numeroDossier: 'CONS-20261124-001', cle: 'e2e:attaques', etablissementId: 1 }],
];

/** What the gateway and every service answer to a token: the status of each route, then the kind of error (or `ok`) of each method. */
export async function askEveryone(token: string, callRpc: CallRpc): Promise<(number | string)[]> {
  const rest = REST_ROUTES.map(async (path) => (await call('GET', path, { token })).status);
  const rpc = RPC_METHODS.map(async ([method, request]) => (await callRpc(method, request, { token })).error?.kind ?? 'ok');
  return Promise.all([...rest, ...rpc]);
}
