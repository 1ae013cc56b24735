import { invalid } from '@mediai/kit/errors';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { bareCallOptions } from '../wire/call-options.ts';
import { problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/auth/password/';
const tags = ['Comptes'];
const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const identity = { username: { type: ['string', 'null'], maxLength: 150 }, email: { type: ['string', 'null'], maxLength: 254 } };

type Identity = { username?: string | null; email?: string | null };

/** Whose password is meant: the username, else the e-mail address; an address given as one is looked for as one only. */
function identityOf({ username, email }: Identity): { identifiant: string; email?: string } {
  if (username?.trim()) return { identifiant: username.trim() };
  if (email?.trim()) return { identifiant: '', email: email.trim() };
  throw invalid({ username: ["Un nom d'utilisateur ou une adresse e-mail est attendu."] });
}

/** Passwords: `/api/v1/auth/password/…`. */
export function addPasswordRoutes(app: FastifyInstance, { auth }: Deps): void {
  const said = { type: 'object', properties: { detail: { type: 'string' } } };

  const change = { type: 'object', properties: { old_password: text(1000), new_password: text(1000) }, required: ['old_password', 'new_password'], examples: [{ old_password: 'demo-mediai', new_password: 'mangue-pluie-tambour' }] };
  const changed = { type: 'object', properties: { detail: { type: 'string' }, access: { type: 'string' }, refresh: { type: 'string' } } };
  app.post<{ Body: { old_password: string; new_password: string } }>(`${BASE}change/`, protectedRoute('Comptes')('Changer son mot de passe', 'compte', { description: 'Les autres sessions prennent fin ; voici les jetons de la nouvelle.', body: change, response: { 200: changed, ...problems(400, 401) } }), async (request) => {
    const { old_password, new_password } = request.body;
    const { access, refresh } = await auth.changePassword({ oldPassword: old_password, newPassword: new_password, adresse: request.ip }, bareCallOptions(request));
    return { detail: 'Mot de passe changé.', access, refresh };
  });

  const reset = { type: 'object', properties: identity, examples: [{ username: 'patient.demo' }, { email: 'kabibi@exemple.cd' }] };
  app.post<{ Body: Identity }>(`${BASE}reset/`, { schema: { tags, summary: 'Demander un code (mot de passe oublié)', description: "La réponse est la même que le compte existe ou non. Le code, à usage unique, vaut 10 minutes.", body: reset, response: { 200: said, ...problems(400) } } }, async (request) => {
    await auth.requestPasswordReset({ ...identityOf(request.body), adresse: request.ip }, bareCallOptions(request));
    return { detail: 'Si ce compte existe, un code lui a été envoyé.' };
  });

  const confirmation = { type: 'object', properties: { ...identity, code: text(20), new_password: text(1000) }, required: ['code', 'new_password'], examples: [{ username: 'patient.demo', code: '482913', new_password: 'mangue-pluie-tambour' }] };
  app.post<{ Body: Identity & { code: string; new_password: string } }>(`${BASE}reset/confirm/`, { schema: { tags, summary: 'Choisir un mot de passe avec le code reçu', body: confirmation, response: { 200: said, ...problems(400) } } }, async (request) => {
    const { code, new_password } = request.body;
    await auth.confirmPasswordReset({ ...identityOf(request.body), code, newPassword: new_password, adresse: request.ip }, bareCallOptions(request));
    return { detail: 'Mot de passe changé : connectez-vous.' };
  });
}
