import type { FicheConsultation } from '@mediai/contracts/consultation/v1/fiche';
import { libelleSysteme, lireFiche, refus, schemaCreation, versFicheInput, type FicheValeurs } from '@mediai/fiche';
import { invalidNamed } from '@mediai/kit/errors';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Deps } from '../deps.ts';
import { accesJson } from '../wire/acces-json.ts';
import { callOptions, etag, expectedVersion } from '../wire/call-options.ts';
import { ficheExample, ficheJson, type FicheJson } from '../wire/fiche-json.ts';
import { bodyByHand } from '../wire/object-body.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/fiche-consultation/';
const TEXT_MAX = 20_000;
const TEXTS = ['diagnostic', 'traitement', 'examen_complementaire', 'recommandations'] as const;
const FICHE = { $ref: 'FicheConsultation#' };

type Id = { Params: { id: number } };
type Body = { Body: Record<string, unknown> };

const textProperties = Object.fromEntries(TEXTS.map((name) => [name, { type: ['string', 'null'], maxLength: TEXT_MAX, title: libelleSysteme(name) }]));

function answer(reply: FastifyReply, message: FicheConsultation | undefined): FicheJson {
  const fiche = present(message);
  reply.header('etag', etag(fiche.version));
  return ficheJson(fiche);
}

/** What a client wrote of a fiche, or a 400 that names each field. */
function readFiche(body: Record<string, unknown>, options: { complet: boolean; defauts: boolean }): Partial<FicheValeurs> {
  const { valeurs, erreurs } = lireFiche(body, options);
  if (Object.keys(erreurs).length > 0) throw invalidNamed(erreurs);
  return valeurs;
}

function readTexts(body: Record<string, unknown>): { diagnostic?: string; traitement?: string; examenComplementaire?: string; recommandations?: string } {
  const of = (name: (typeof TEXTS)[number]): string | undefined => {
    const sent = body[name];
    if (sent === undefined) return undefined;
    const text = sent === null ? '' : typeof sent === 'number' ? String(sent) : sent;
    if (typeof text !== 'string') throw invalidNamed({ [name]: [refus.texte({ libelle: libelleSysteme(name) })] });
    if (!text.isWellFormed()) throw invalidNamed({ [name]: [refus.caracteres({ libelle: libelleSysteme(name) })] }); // the wire would alter it silently
    return text;
  };
  return { diagnostic: of('diagnostic'), traitement: of('traitement'), examenComplementaire: of('examen_complementaire'), recommandations: of('recommandations') };
}

/** The id of a user in a body: a number, or a number as text; null, `""` and spaces are "not said". */
function readId(body: Record<string, unknown>, name: 'assigned_medecin' | 'user'): number | undefined {
  const value = body[name];
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return undefined;
  const id = typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,10}$/.test(value.trim()) ? Number(value) : NaN;
  if (!Number.isInteger(id) || id < 1 || id > 2_147_483_647) throw invalidNamed({ [name]: [refus.identifiant({ libelle: libelleSysteme(name) })] });
  return id;
}

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

  for (const method of ['PUT', 'PATCH'] as const) {
    const complet = method === 'PUT';
    app.route<Id & Body>({
      method,
      url: `${BASE}:id/`,
      ...route(complet ? 'Remplacer une fiche' : 'Modifier une fiche', 'actif', { params: idParams, body: { ...schemaCreation(), required: complet ? schemaCreation()['required'] : [], examples: [complet ? ficheExample : { temperature: '38,5', pouls: 98 }] }, response: { 200: FICHE, ...problems(400, 401, 403, 404, 409, 412) } }),
      ...readByFiche,
      handler: async (request, reply) => {
        const valeurs = readFiche(request.body, { complet, defauts: false });
        const { fiche } = await fiches.updateFiche(
          { id: request.params.id, fiche: versFicheInput(valeurs), complet, user: readId(request.body, 'user'), textes: readTexts(request.body), versionAttendue: expectedVersion(request) },
          callOptions(request),
        );
        return answer(reply, fiche);
      },
    });
  }

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
