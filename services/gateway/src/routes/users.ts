import type { FastifyInstance } from 'fastify';
import type { User } from '@mediai/contracts/auth/v1/auth_service';
import type { Deps } from '../deps.ts';
import { callOptions } from '../wire/call-options.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';
import { adminProperties, namedAsWritten, ownProperties, readUserInput, type Written } from '../wire/user-input.ts';
import { userJson } from '../wire/user-json.ts';

const BASE = '/api/v1/auth/users/';
const USER = { $ref: 'User#' };

type Id = { Params: { id: number } };
type Listing = { Querystring: PageQuery & { search?: string; role?: string } };

const answer = (user: User | undefined) => userJson(present(user));

/** Accounts, for admins, and one's own by its id: `/api/v1/auth/users/…`. */
export function addUserRoutes(app: FastifyInstance, { auth }: Deps): void {
  const route = protectedRoute('Comptes');
  const input = { type: 'object', properties: { ...ownProperties, ...adminProperties } };

  const filters = { search: { type: 'string', maxLength: 200, description: "Mots à trouver dans le nom d'utilisateur, les noms, l'e-mail ou le téléphone." }, role: { type: 'string', maxLength: 20, description: 'patient ou medecin.' } };
  app.get<Listing>(BASE, route('Lister les comptes', 'admin', { querystring: { type: 'object', properties: { ...pageQuery, ...filters } }, response: { 200: pageSchema(USER), ...problems(400, 401, 403) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await auth.listUsers({ ...asked, search: request.query.search?.trim() || undefined, role: request.query.role || undefined }, callOptions(request));
    return toPage(request, asked, list, list.users.map(userJson));
  });

  const creation = {
    type: 'object',
    properties: { username: { type: 'string', minLength: 1, maxLength: 150 }, password: { type: 'string', minLength: 1, maxLength: 1000 }, ...input.properties },
    required: ['username', 'password'],
    examples: [{ username: 'dr.ilunga', password: 'mangue-pluie-tambour', role: 'medecin', first_name: 'Aimée', last_name: 'Ilunga', medecin_profile: { specialty: 'Pédiatrie' } }],
  };
  app.post<{ Body: Written & { username: string; password: string } }>(BASE, route('Créer un compte de tout rôle', 'admin', { body: creation, response: { 201: USER, ...problems(400, 401, 403, 409, 422) } }), async (request, reply) => {
    const { body } = request;
    const { user, replayed } = await namedAsWritten(body, () => auth.createUser({ username: body.username, password: body.password, user: readUserInput(body) }, callOptions(request)));
    const created = answer(user);
    if (replayed) reply.header('idempotent-replayed', 'true');
    reply.code(201).header('location', `${BASE}${created.id}/`);
    return created;
  });

  app.get<Id>(`${BASE}:id/`, route('Lire un compte', 'compte', { params: idParams, response: { 200: USER, ...problems(401, 403, 404) } }), async (request) => {
    const { user } = await auth.getUser({ id: request.params.id }, callOptions(request));
    return answer(user);
  });

  const change = { ...input, examples: [{ is_active: false }, { medecin_profile: { specialty: 'Pédiatrie', is_available: true } }] };
  for (const method of ['PUT', 'PATCH'] as const) {
    app.route<Id & { Body: Written }>({
      method,
      url: `${BASE}:id/`,
      ...route('Modifier un compte', 'compte', { description: "Ce qui n'est pas dit reste, par PUT aussi. Nul ne change son propre rôle, ni `is_staff`, ni `is_active`.", params: idParams, body: change, response: { 200: USER, ...problems(400, 401, 403, 404, 409) } }),
      handler: async (request) => {
        const { user } = await namedAsWritten(request.body, () => auth.updateUser({ id: request.params.id, user: readUserInput(request.body) }, callOptions(request)));
        return answer(user);
      },
    });
  }

  app.delete<Id>(`${BASE}:id/`, route('Désactiver et anonymiser un compte', 'admin', { description: 'Ses dossiers restent.', params: idParams, response: { 204: { type: 'null' }, ...problems(400, 401, 403, 404) } }), async (request, reply) => {
    await auth.deleteUser({ id: request.params.id }, callOptions(request));
    return reply.code(204).send();
  });

  app.post<Id>(`${BASE}:id/approve/`, route("Ouvrir le compte d'un médecin", 'admin', { params: idParams, response: { 200: USER, ...problems(400, 401, 403, 404, 409, 422) } }), async (request) => {
    const { user } = await auth.approveUser({ id: request.params.id }, callOptions(request));
    return answer(user);
  });
}
