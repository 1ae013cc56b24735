import { libelleSysteme, schemaCreation, versFicheInput } from '@mediai/fiche';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { accesJson } from '../wire/acces-json.ts';
import { callOptions, expectedVersion } from '../wire/call-options.ts';
import { ficheAnswer as answer, readFiche, readId, readTexts, TEXT_MAX, textProperties } from '../wire/fiche-input.ts';
import { ficheExample } from '../wire/fiche-json.ts';
import { bodyByHand } from '../wire/object-body.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/fiche-consultation/';
const FICHE = { $ref: 'FicheConsultation#' };

type Id = { Params: { id: number } };
type Body = { Body: Record<string, unknown> };

/** Fiches de consultation: `/api/v1/fiche-consultation/…`. One route is one call of consultation. */
export function addFicheRoutes(app: FastifyInstance, { fiches }: Deps): void {
  const route = protectedRoute('Fiches');
  /** The body is read by `lireFiche`, which is more lenient than the documented schema and speaks French. */
  const readByFiche = bodyByHand(app);

  app.post<Body>(BASE, { ...route('Créer une fiche', 'actif', { body: { ...schemaCreation(), examples: [ficheExample] }, response: { 201: FICHE, ...problems(400, 401, 403, 409, 422, 503) } }), ...readByFiche }, async (request, reply) => {
    const valeurs = readFiche(request.body, { complet: true, defauts: true });
    const { fiche, replayed } = await fiches.createFiche({ fiche: versFicheInput(valeurs), assignedMedecin: readId(request.body, 'assigned_medecin') }, callOptions(request));
    if (replayed) reply.header('idempotent-replayed', 'true');
    const created = present(fiche);
    reply.code(201).header('location', `${BASE}${created.id}/`);
    return answer(reply, created);
  });

  app.get<Id>(`${BASE}:id/`, route('Lire une fiche', 'actif', { params: idParams, response: { 200: FICHE, ...problems(401, 403, 404) } }), async (request, reply) => {
    const { fiche } = await fiches.getFiche({ id: request.params.id }, callOptions(request));
    return answer(reply, fiche);
  });

  app.delete<Id>(`${BASE}:id/`, route('Supprimer une fiche', 'actif', { params: idParams, response: { 204: { type: 'null' }, ...problems(400, 401, 403, 404, 412) } }), async (request, reply) => {
    await fiches.deleteFiche({ id: request.params.id, versionAttendue: expectedVersion(request) }, callOptions(request));
    return reply.code(204).send();
  });

  const validation = { type: ['object', 'null'], properties: { ...textProperties, analyses: { type: 'array', maxItems: 50, items: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } } } };
  app.post<Id & { Body: Record<string, unknown> & { analyses?: number[] } }>(`${BASE}:id/validate/`, route('Valider une fiche', 'medecin', { params: idParams, body: validation, response: { 200: FICHE, ...problems(400, 401, 403, 404, 409, 412) } }), async (request, reply) => {
    const body = request.body ?? {};
    const { fiche } = await fiches.validateFiche({ id: request.params.id, textes: readTexts(body), analyses: body.analyses ?? [], versionAttendue: expectedVersion(request) }, callOptions(request));
    return answer(reply, fiche);
  });

  const rejection = { type: 'object', properties: { commentaire: { type: 'string', minLength: 1, maxLength: TEXT_MAX, title: libelleSysteme('commentaire_rejet') } }, required: ['commentaire'], examples: [{ commentaire: 'La tension manque, merci de la mesurer.' }] };
  app.post<Id & { Body: { commentaire: string } }>(`${BASE}:id/reject/`, route('Rejeter une fiche', 'medecin', { params: idParams, body: rejection, response: { 200: FICHE, ...problems(400, 401, 403, 404, 409, 412) } }), async (request, reply) => {
    const { fiche } = await fiches.rejectFiche({ id: request.params.id, commentaire: request.body.commentaire, versionAttendue: expectedVersion(request) }, callOptions(request));
    return answer(reply, fiche);
  });

  const relaunched = { type: 'object', properties: { detail: { type: 'string' }, status: { type: 'string' }, task_id: { type: 'string' }, estimated_completion: { type: 'string' } } };
  app.post<Id>(`${BASE}:id/relancer/`, route("Relancer l'analyse", 'medecin', { params: idParams, response: { 202: relaunched, ...problems(400, 401, 403, 404, 409, 412) } }), async (request, reply) => {
    const { taskId, status, estimatedSeconds } = await fiches.relancerFiche({ id: request.params.id, versionAttendue: expectedVersion(request) }, callOptions(request));
    reply.code(202);
    return { detail: 'Une nouvelle analyse est en cours.', status, task_id: taskId, estimated_completion: new Date(Date.now() + estimatedSeconds * 1000).toISOString() };
  });

  const edited = { type: 'object', properties: { detail: { type: 'string' }, fiche: FICHE } };
  app.patch<Id & Body>(`${BASE}:id/edit-diagnostic/`, route('Éditer les textes du médecin', 'medecin', { params: idParams, body: { type: 'object', properties: textProperties, examples: [{ diagnostic: 'Paludisme simple, TDR positif.' }] }, response: { 200: edited, ...problems(400, 401, 403, 404, 409, 412) } }), async (request, reply) => {
    const { fiche } = await fiches.editDiagnostic({ id: request.params.id, textes: readTexts(request.body), versionAttendue: expectedVersion(request) }, callOptions(request));
    return { detail: 'Modifications enregistrées.', fiche: answer(reply, fiche) };
  });

  app.get<Id & { Querystring: PageQuery }>(`${BASE}:id/acces/`, route('Lister qui a ouvert le dossier, quand et pourquoi', 'actif', { description: "Pour le patient du dossier et les administrateurs.", params: idParams, querystring: { type: 'object', properties: pageQuery }, response: { 200: pageSchema({ $ref: 'AccesFiche#' }), ...problems(400, 401, 403, 404) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await fiches.listAccesFiche({ id: request.params.id, ...asked }, callOptions(request));
    return toPage(request, asked, list, list.acces.map(accesJson));
  });

  const sent = { type: 'object', properties: { success: { type: 'boolean' }, message_sid: { type: ['string', 'null'] }, status: { type: 'string' }, detail: { type: 'string' }, fiche: { type: 'integer' } } };
  app.post<Id & { Body: { force_resend?: boolean } | null }>(`${BASE}:id/send-whatsapp/`, route('Prévenir le patient par WhatsApp', 'medecin', { params: idParams, body: { type: ['object', 'null'], properties: { force_resend: { type: 'boolean', default: false } } }, response: { 200: sent, ...problems(400, 401, 403, 404, 503) } }), async (request) => {
    const { id } = request.params;
    const { messageSid, status, success, detail } = await fiches.sendWhatsapp({ id, forceResend: request.body?.force_resend ?? false }, callOptions(request));
    return { success, message_sid: messageSid ?? null, status, detail, fiche: id };
  });

  const notification = { type: 'object', properties: { method: { type: 'string', enum: ['sms', 'whatsapp'] }, force_resend: { type: 'boolean', default: false } }, required: ['method'], examples: [{ method: 'sms' }] };
  const notified = { type: 'object', properties: { detail: { type: 'string' }, message_sid: { type: ['string', 'null'] }, status: { type: 'string' } } };
  app.post<Id & { Body: { method: string; force_resend: boolean } }>(`${BASE}:id/send-notification/`, route('Prévenir le patient par SMS ou WhatsApp', 'medecin', { params: idParams, body: notification, response: { 200: notified, ...problems(400, 401, 403, 404, 409, 422, 503) } }), async (request) => {
    const { messageSid, status, detail } = await fiches.sendNotification({ id: request.params.id, canal: request.body.method, forceResend: request.body.force_resend }, callOptions(request));
    return { detail, message_sid: messageSid ?? null, status };
  });
}
