import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions } from '../wire/call-options.ts';
import { tagContent, unchanged } from '../wire/content-tag.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';
import { userCourtJson, userJson } from '../wire/user-json.ts';

const MEDECINS = '/api/v1/auth/medecins/';
const USERS = '/api/v1/users/';
const USER = { $ref: 'User#' };
const COURT = { $ref: 'UserCourt#' };
const search = { type: 'string', maxLength: 200, description: "Mots à trouver dans le nom d'utilisateur, les noms ou l'e-mail." };

type Id = { Params: { id: number } };
type MedecinsQuery = { Querystring: PageQuery & { available?: string; specialty?: string } };

/** `true`, `1`, `false`, `0`, in any case; anything else asks for nothing. */
function asFlag(value: string | undefined): boolean | undefined {
  const text = value?.toLowerCase();
  return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
}

/** Who is there: médecins for anyone, patients and short forms for médecins and admins. */
export function addAnnuaireRoutes(app: FastifyInstance, { auth }: Deps): void {
  const route = protectedRoute('Comptes');

  const listMedecins = async (request: FastifyRequest<MedecinsQuery>, available: boolean | undefined) => {
    const asked = readPage(request.query);
    const list = await auth.listMedecins({ ...asked, available, specialty: request.query.specialty?.trim() || undefined }, callOptions(request));
    return toPage(request, asked, list, list.users.map(userJson));
  };
  const specialty = { type: 'string', maxLength: 100, description: 'Partie de la spécialité.' };
  const available = { type: 'string', maxLength: 10, description: 'true : seulement les disponibles ; false : seulement les autres.' };
  const medecins = (properties: object) => ({ description: "Médecins approuvés de l'établissement ; leurs coordonnées privées ne sont montrées qu'aux administrateurs.", querystring: { type: 'object', properties: { ...pageQuery, ...properties } }, response: { 200: pageSchema(USER), ...unchanged, ...problems(400, 401) } });
  // A médecin who has just changed is seen at once: the list is asked for again each time, and answered in short where it is the same. What admins are told besides is kept nowhere.
  const onSend = tagContent('private, no-cache', ({ acteur }) => acteur?.estAdmin === false && !acteur.estSuperuser);
  app.get<MedecinsQuery>(MEDECINS, { ...route('Lister les médecins', 'compte', medecins({ available, specialty })), onSend }, (request) => listMedecins(request, asFlag(request.query.available)));
  app.get<MedecinsQuery>(`${MEDECINS}available/`, { ...route('Lister les médecins disponibles', 'compte', medecins({ specialty })), onSend }, (request) => listMedecins(request, true));

  app.get<Id>(`${MEDECINS}:id/`, route('Lire un médecin', 'compte', { params: idParams, response: { 200: USER, ...problems(401, 404) } }), async (request) => {
    const { user } = await auth.getMedecin({ id: request.params.id }, callOptions(request));
    return userJson(present(user));
  });

  app.get<{ Querystring: PageQuery & { search?: string } }>('/api/v1/auth/patients/', route('Lister les patients', 'medecin', { querystring: { type: 'object', properties: { ...pageQuery, search } }, response: { 200: pageSchema(USER), ...problems(400, 401, 403) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await auth.listPatients({ ...asked, search: request.query.search?.trim() || undefined }, callOptions(request));
    return toPage(request, asked, list, list.users.map(userJson));
  });

  const role = { type: 'string', maxLength: 20, description: 'patient ou medecin.' };
  app.get<{ Querystring: PageQuery & { search?: string; role?: string } }>(USERS, route('Lister les comptes, en forme courte', 'medecin', { querystring: { type: 'object', properties: { ...pageQuery, search, role } }, response: { 200: pageSchema(COURT), ...problems(400, 401, 403) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await auth.listUsersCourts({ ...asked, search: request.query.search?.trim() || undefined, role: request.query.role || undefined }, callOptions(request));
    return toPage(request, asked, list, list.users.map(userCourtJson));
  });

  app.get<Id>(`${USERS}:id/`, route('Lire un compte, en forme courte', 'medecin', { params: idParams, response: { 200: COURT, ...problems(401, 403, 404) } }), async (request) => {
    const { user } = await auth.getUserCourt({ id: request.params.id }, callOptions(request));
    return userCourtJson(present(user));
  });
}
