import type { FicheConsultation } from '@mediai/contracts/consultation/v1/fiche';
import { URGENCES } from '@mediai/fiche';
import { invalid } from '@mediai/kit/errors';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions, etag, expectedVersion } from '../wire/call-options.ts';
import { ficheJson } from '../wire/fiche-json.ts';
import { ficheMessageJson, ficheMessageSchema } from '../wire/fiche-message-json.ts';
import { historiqueJson } from '../wire/historique-json.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/fiche-consultation/';
const FICHE = { $ref: 'FicheConsultation#' };
const MESSAGE = { $ref: 'FicheMessage#' };

type Id = { Params: { id: number } };
type MessageBody = { readonly content?: string | null; readonly message?: string | null; readonly contenu?: string | null };

function answer(reply: FastifyReply, message: FicheConsultation | undefined) {
  const fiche = present(message);
  reply.header('etag', etag(fiche.version));
  return ficheJson(fiche);
}

/** The text of a message, under the names that clients give it. @throws AppError 400 where it is none */
function readContent({ content, message, contenu }: MessageBody): string {
  const text = content ?? message ?? contenu;
  if (text === undefined || text === null) throw invalid({ content: ['Ce champ est obligatoire.'] });
  return text;
}

/** What is said and done about a whole dossier: its messages, whom it is with, its history, its return. */
export function addDossierRoutes(app: FastifyInstance, { dossier }: Deps): void {
  const route = protectedRoute('Dossier');

  app.get<Id>(`${BASE}:id/messages/`, route("Lire les messages d'une fiche", 'actif', { description: 'Du plus ancien au plus récent.', params: idParams, response: { 200: { type: 'array', items: MESSAGE }, ...problems(401, 403, 404) } }), async (request) => {
    const { messages } = await dossier.listFicheMessages({ fiche: request.params.id }, callOptions(request));
    return messages.map(ficheMessageJson);
  });

  const text = { type: ['string', 'null'], maxLength: 5000 };
  const alias = { ...text, deprecated: true, description: 'Ancien nom de `content`.' };
  const writtenMessage = { type: 'object', properties: { ...ficheMessageSchema.properties, urgence: { type: 'string', enum: Object.keys(URGENCES) }, orientation: { type: 'string' } } };
  const message = { type: 'object', properties: { content: text, message: alias, contenu: alias }, examples: [{ content: 'Bonjour docteur, la fièvre est revenue cette nuit.' }] };
  app.post<Id & { Body: MessageBody }>(`${BASE}:id/messages/`, route('Écrire un message sur une fiche', 'actif', { description: "Les signes d'alerte sont recherchés aussitôt dans ce que le patient écrit : `urgence` et `orientation` disent ce qu'il en est de la fiche et que faire maintenant.", params: idParams, body: message, response: { 201: writtenMessage, ...problems(400, 401, 403, 404, 409, 422) } }), async (request, reply) => {
    const { message: written, urgence, orientation, replayed } = await dossier.createFicheMessage({ fiche: request.params.id, content: readContent(request.body) }, callOptions(request));
    if (replayed) reply.header('idempotent-replayed', 'true');
    return reply.code(201).send({ ...ficheMessageJson(present(written)), urgence, orientation });
  });

  // A choice that was left open ("") is nobody's decision that the fiche is nobody's: it is judged before it is read as null.
  const dit = { properties: { medecin_id: { not: { const: '' } } } };
  const assignation = { type: 'object', allOf: [dit], properties: { medecin_id: { type: ['integer', 'null'], minimum: 1, maximum: 2_147_483_647, description: 'null : à personne ; tout médecin de l’établissement voit alors la fiche.' } }, required: ['medecin_id'], examples: [{ medecin_id: 2 }] };
  app.post<Id & { Body: { medecin_id: number | null } }>(`${BASE}:id/assign-medecin/`, route('Assigner une fiche à un médecin', 'medecin', { params: idParams, body: assignation, response: { 200: FICHE, ...problems(400, 401, 403, 404, 409, 412, 422, 503) } }), async (request, reply) => {
    const { fiche } = await dossier.assignMedecin({ id: request.params.id, medecinId: request.body.medecin_id ?? undefined, versionAttendue: expectedVersion(request) }, callOptions(request));
    return answer(reply, fiche);
  });

  app.post<Id>(`${BASE}:id/restore/`, route('Restaurer une fiche supprimée', 'admin', { description: "Pour les administrateurs de son établissement ; `?deleted=true` liste les fiches supprimées.", params: idParams, response: { 200: FICHE, ...problems(401, 403, 404, 409, 422) } }), async (request, reply) => {
    const { fiche } = await dossier.restoreFiche({ id: request.params.id }, callOptions(request));
    return answer(reply, fiche);
  });

  app.get<Id & { Querystring: PageQuery }>(`${BASE}:id/historique/`, route("Lire l'historique d'une fiche", 'actif', { description: 'Qui a changé quoi, et quand ; le plus récent en tête. Les valeurs sont pour les médecins et les administrateurs.', params: idParams, querystring: { type: 'object', properties: pageQuery }, response: { 200: pageSchema({ $ref: 'FicheChangement#' }), ...problems(400, 401, 403, 404) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await dossier.listHistorique({ id: request.params.id, ...asked }, callOptions(request));
    return toPage(request, asked, list, list.changements.map(historiqueJson));
  });
}
