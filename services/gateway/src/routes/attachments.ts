import type { FastifyInstance, RouteShorthandOptions } from 'fastify';
import type { Deps } from '../deps.ts';
import { ATTACHMENT_KINDS, attachmentJson } from '../wire/attachment-json.ts';
import { callOptions } from '../wire/call-options.ts';
import { sendDownload } from '../wire/download.ts';
import { requiredId, uploadOf } from '../wire/form.ts';
import { originOf } from '../wire/origin.ts';
import { cursorQuery, pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { ficheId, ficheQuery, fileAnswer, idParams, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/attachments/';
const FILE = 'file';

type Id = { Params: { id: number } };
type Words = { Body: { kind?: string; note?: string | null } };

/** Files beside fiches. Their bytes go through as they come, in both directions; add them to a scope that accepts forms. */
export function addAttachmentRoutes(app: FastifyInstance, { attachments }: Deps): void {
  const route = protectedRoute('Pièces jointes');
  const attachment = { $ref: 'Attachment#' };
  const kind = { type: 'string', enum: Object.keys(ATTACHMENT_KINDS), description: '`other` où rien n’est dit.' };
  const note = { type: ['string', 'null'], maxLength: 5_000 };

  app.get<{ Querystring: PageQuery & { fiche?: number | null } }>(BASE, route('Lister les pièces jointes, les plus récentes d’abord', 'actif', { querystring: { type: 'object', properties: { ...pageQuery, ...cursorQuery, fiche: ficheQuery } }, response: { 200: pageSchema(attachment), ...problems(400, 401, 403, 404) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await attachments.listAttachments({ ...asked, fiche: request.query.fiche ?? undefined, cursor: request.query.cursor || undefined }, callOptions(request));
    const origin = originOf(request);
    return toPage(request, asked, list, list.attachments.map((one) => attachmentJson(one, origin)), { cursor: request.query.cursor || undefined, nextCursor: list.nextCursor });
  });

  const form = { type: 'object', properties: { file: { type: 'string', format: 'binary', description: 'JPEG, PNG, WebP, GIF, HEIC, PDF ou DICOM, reconnu à son contenu ; 10 Mo au plus.' }, fiche: { ...ficheId, description: 'La fiche.' }, kind, note }, required: [FILE, 'fiche'], examples: [{ fiche: 12, kind: 'xray', note: 'Thorax de face' }] };
  app.post(BASE, { ...route('Joindre un fichier à une fiche', 'actif', { consumes: ['multipart/form-data'], body: form, response: { 201: attachment, ...problems(400, 401, 403, 404, 409, 413, 422, 503) } }), ...anyBody(app) }, async (request, reply) => {
    const { attachment: made, replayed } = await attachments.createAttachment(
      uploadOf(request, FILE, (fields) => ({ fiche: requiredId(fields, 'fiche'), kind: fields['kind'], note: fields['note'] })),
      callOptions(request),
    );
    if (replayed) reply.header('idempotent-replayed', 'true');
    const created = present(made);
    reply.code(201).header('location', `${BASE}${created.id}/`);
    return attachmentJson(created, originOf(request));
  });

  app.get<Id>(`${BASE}:id/`, route('Lire une pièce jointe', 'actif', { params: idParams, response: { 200: attachment, ...problems(401, 403, 404) } }), async (request) => {
    const { attachment: found } = await attachments.getAttachment({ id: request.params.id }, callOptions(request));
    return attachmentJson(present(found), originOf(request));
  });

  for (const method of ['PUT', 'PATCH'] as const) {
    const complet = method === 'PUT';
    app.route<Id & Words>({
      method,
      url: `${BASE}:id/`,
      ...route(complet ? 'Redire ce qu’est une pièce jointe' : 'Modifier ce qui est dit d’une pièce jointe', 'actif', { description: 'Le fichier lui-même ne change pas. Un patient : les siennes, tant que la fiche n’est pas validée.', params: idParams, body: { type: 'object', properties: { kind, note }, examples: [{ kind: 'scan', note: 'Scanner du 3 mai' }] }, response: { 200: attachment, ...problems(400, 401, 403, 404, 409) } }),
      handler: async (request) => {
        const { kind: said, note: noted } = request.body;
        const { attachment: changed } = await attachments.updateAttachment({ id: request.params.id, kind: said, note: noted === null ? '' : noted, complet }, callOptions(request));
        return attachmentJson(present(changed), originOf(request));
      },
    });
  }

  app.delete<Id>(`${BASE}:id/`, route('Supprimer une pièce jointe', 'actif', { description: 'Un patient : les siennes, tant que la fiche n’est pas validée.', params: idParams, response: { 204: { type: 'null' }, ...problems(400, 401, 403, 404, 409) } }), async (request, reply) => {
    await attachments.deleteAttachment({ id: request.params.id }, callOptions(request));
    return reply.code(204).send();
  });

  app.get<Id>(`${BASE}:id/download/`, route('Télécharger une pièce jointe', 'actif', { params: idParams, response: { 200: fileAnswer('Le fichier, à enregistrer'), ...problems(401, 403, 404, 503) } }), async (request, reply) =>
    sendDownload(reply, await attachments.downloadAttachment({ id: request.params.id }, callOptions(request))));
}

/** The body is a form that is read as it comes: its schema is for the documentation. */
export function anyBody(app: FastifyInstance): Pick<RouteShorthandOptions, 'validatorCompiler'> {
  return { validatorCompiler: ({ schema, httpPart = '', method, url }) => (httpPart === 'body' ? () => true : (app.validatorCompiler?.({ schema, method, url, httpPart }) as never)) };
}
