import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions } from '../wire/call-options.ts';
import { present } from '../wire/present.ts';
import { aliasOf, problems, protectedRoute } from '../wire/route-schema.ts';
import { namedAsWritten, ownProperties, readOwnInput, type Written } from '../wire/user-input.ts';
import { userJson } from '../wire/user-json.ts';

const ME = '/api/v1/auth/users/me/';
const USER = { $ref: 'User#' };
const optional = (maxLength: number) => ({ type: ['string', 'null'], maxLength });

type Registration = { username: string; password: string; email?: string | null; phone?: string | null; role?: string | null; first_name?: string | null; last_name?: string | null };

/** `""` and null are "not said". */
const said = (value: string | null | undefined): string | undefined => (value === null || value === undefined || value.trim() === '' ? undefined : value);

/** One's own account: registration, reading, change. */
export function addMeRoutes(app: FastifyInstance, { auth }: Deps): void {
  const route = protectedRoute('Comptes');
  const registration = {
    type: 'object',
    properties: { username: { type: 'string', minLength: 1, maxLength: 150 }, password: { type: 'string', minLength: 1, maxLength: 1000 }, email: optional(254), phone: optional(30), role: optional(20), first_name: optional(150), last_name: optional(150) },
    required: ['username', 'password'],
    examples: [{ username: 'kabibi.t', password: 'mot-de-passe-solide', email: 'kabibi@exemple.cd', phone: '0990000000', first_name: 'Kabibi', last_name: 'Tshilombo' }],
  };
  app.post<{ Body: Registration }>('/api/v1/auth/users/register/', { schema: { tags: ['Comptes'], summary: 'Créer un compte', body: registration, response: { 201: { type: 'object', additionalProperties: true }, ...problems(400, 409, 422) } } }, async (request, reply) => {
    const { username, password, email, phone, role, first_name, last_name } = request.body;
    const { user: made, replayed } = await auth.register({ username, password, email: said(email), phone: said(phone), role: said(role), firstName: said(first_name), lastName: said(last_name) }, callOptions(request));
    const user = present(made);
    if (replayed) reply.header('idempotent-replayed', 'true');
    reply.code(201);
    return { id: user.id, username: user.username, email: user.email ?? null, phone: user.phone ?? null, role: user.role, first_name: user.firstName, last_name: user.lastName };
  });

  const reading = route('Son propre compte', 'compte', { response: { 200: USER, ...problems(401) } });
  for (const url of [ME, '/api/v1/auth/me/']) {
    app.get(url, url === ME ? reading : aliasOf(reading, ME), async (request) => {
      const { user } = await auth.getMe({}, callOptions(request));
      return userJson(present(user));
    });
  }

  const change = {
    type: 'object',
    properties: ownProperties,
    examples: [{ first_name: 'Kabibi', phone: '0990000000', patient_profile: { date_of_birth: '1990-04-12', commune: 'Kampemba' } }, { prenom: 'Kabibi', nom: 'Tshilombo', telephone: '0990000000', date_naissance: '1990-04-12', commune: 'Kampemba' }],
  };
  const changed = { type: 'object', additionalProperties: true, properties: { success: { type: 'boolean' }, data: USER } };
  app.patch<{ Body: Written }>(ME, route('Modifier son compte', 'compte', { description: "Les noms français sont ceux d'anciens formulaires. Ce qui n'est pas dit reste ; une valeur vide efface.", body: change, response: { 200: changed, ...problems(400, 401, 409) } }), async (request) => {
    const { user } = await namedAsWritten(request.body, () => auth.updateUser({ user: readOwnInput(request.body) }, callOptions(request)));
    const data = userJson(present(user));
    return { ...data, success: true, data };
  });
}
