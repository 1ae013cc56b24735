import { call } from '../client.ts';
import type { CallRpc } from '../rpc.ts';

/** A reading of every service through the gateway. */
export const REST_ROUTES = ['/api/v1/auth/me/', '/api/v1/fiche-consultation/', '/api/v1/appointments/', '/api/v1/conversations/'] as const;

const page = { page: 1, pageSize: 1 };
const message = { canal: 'whatsapp', modele: 'fiche_prete', telephone: '+243812345699', prenom: 'Kabibi', numeroDossier: 'CONS-20261124-001', cle: 'e2e:attaques', etablissementId: 1 };
/** One call of every service itself, and what an approved médecin gets; notifications has none that harms nobody, but a fiche that is not there. */
export const RPC_METHODS: readonly [method: string, request: object, heard: string][] = [
  ['AuthService.GetMe', {}, 'ok'],
  ['FicheService.ListFiches', page, 'ok'],
  ['AppointmentsService.ListAppointments', page, 'ok'],
  ['IaService.ListConversations', page, 'ok'],
  ['NotificationsService.Send', { ...message, ficheId: 2_147_483_647 }, 'not_found'],
];

/** What everyone answers to a good token of an approved médecin, and to any other. */
export const HEARD: readonly (number | string)[] = [...REST_ROUTES.map(() => 200), ...RPC_METHODS.map(([, , heard]) => heard)];
export const REFUSED: readonly (number | string)[] = [...REST_ROUTES.map(() => 401), ...RPC_METHODS.map(() => 'unauthenticated')];

/** What the gateway and every service answer to a token: the status of each route, then the kind of error (or `ok`) of each method. */
export async function askEveryone(token: string, callRpc: CallRpc): Promise<(number | string)[]> {
  const rest = REST_ROUTES.map(async (path) => (await call('GET', path, { token })).status);
  const rpc = RPC_METHODS.map(async ([method, request]) => (await callRpc(method, request, { token })).error?.kind ?? 'ok');
  return Promise.all([...rest, ...rpc]);
}
