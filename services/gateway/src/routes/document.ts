import { timestampDate } from '@bufbuild/protobuf/wkt';
import { AppError } from '@mediai/kit/errors';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Deps } from '../deps.ts';
import { renderVerification, type VerificationModel } from '../pages/verification-page.ts';
import { bareCallOptions, callOptions } from '../wire/call-options.ts';
import { dossierJson } from '../wire/dossier-json.ts';
import { contentDisposition, sendDownload } from '../wire/download.ts';
import { toIso } from '../wire/instant.ts';
import { originOf } from '../wire/origin.ts';
import { prefersHtml } from '../wire/prefers-html.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/fiche-consultation/';

type Id = { Params: { id: number } };

/** Fiches as documents to take along, and whether a printed one is genuine. */
export function addDocumentRoutes(app: FastifyInstance, { documents }: Deps): void {
  const route = protectedRoute('Fiches');

  const pdf = { description: 'Le document', content: { 'application/pdf': { schema: { type: 'string', format: 'binary' } } } };
  app.get<Id>(`${BASE}:id/export/pdf/`, route('Imprimer une fiche (PDF)', 'actif', { description: "La fiche telle que le lecteur peut la voir, en pièce jointe `fiche_<numero_dossier>.pdf` ; elle porte un code QR par lequel on la vérifie.", params: idParams, response: { 200: pdf, ...problems(401, 403, 404, 503) } }), async (request, reply) =>
    sendDownload(reply, await documents.exportPdf({ id: request.params.id }, { ...callOptions(request), signal: whileWaiting(reply) })),
  );

  const json = { description: 'La fiche et ce qui y est joint', content: { 'application/json': { schema: { $ref: 'Dossier#' } } } };
  app.get<Id>(`${BASE}:id/export/json/`, route('Exporter une fiche (JSON)', 'actif', { description: "La fiche telle que le lecteur peut la voir, en pièce jointe `fiche_<numero_dossier>.json`, avec `messages`, `references`, `lab_results` et `attachments` (sans leurs fichiers).", params: idParams, response: { 200: json, ...problems(401, 403, 404, 503) } }), async (request, reply) => {
    const dossier = dossierJson(await documents.getDossier({ id: request.params.id }, callOptions(request)), originOf(request));
    reply.header('content-disposition', contentDisposition(`fiche_${dossier.numero_dossier}.json`)).type('application/json; charset=utf-8');
    return reply.send(JSON.stringify(dossier, null, 2));
  });

  const revoked = { type: 'object', properties: { detail: { type: 'string' }, revoques: { type: 'integer', description: 'Codes qui valaient encore.' } } };
  app.post<Id>(`${BASE}:id/verification/revoke/`, route('Révoquer les documents imprimés', 'medecin', { description: "Aucun document imprimé jusqu'ici n'est plus authentique ; un document imprimé ensuite porte un nouveau code.", params: idParams, response: { 200: revoked, ...problems(401, 403, 404, 409, 422, 503) } }), async (request) => {
    const { revoques } = await documents.revokeVerifications({ id: request.params.id }, callOptions(request));
    return { detail: 'Les documents imprimés de cette fiche ne comptent plus.', revoques };
  });

  const verdict = { type: 'object', properties: { statut: { type: 'string', enum: ['authentique', 'revoque'] }, emis_le: { type: ['string', 'null'], format: 'date-time' } }, examples: [{ statut: 'authentique', emis_le: '2026-11-24T07:02:00.000Z' }] };
  const answered = { description: "Rien d'une personne, ni du dossier.", content: { 'application/json': { schema: verdict }, 'text/html': { schema: { type: 'string' } } } };
  const verification = { tags: ['Fiches'], summary: 'Vérifier un document imprimé', description: "L'adresse que porte le code QR d'un document. Un navigateur y lit une page.", params: { type: 'object', properties: { jeton: { type: 'string' } }, required: ['jeton'] }, response: { 200: answered, ...problems(404, 503) } };
  app.get<{ Params: { jeton: string } }>('/api/v1/verification/:jeton/', { schema: verification }, async (request, reply) => {
    reply.header('vary', [reply.getHeader('vary') ?? [], 'Accept'].flat().join(', '));
    const html = prefersHtml(request.headers.accept);
    const page = (model: VerificationModel, status: number) => reply.code(status).type('text/html; charset=utf-8').send(renderVerification(model));
    try {
      const { statut, emisLe } = await documents.verifyDocument({ jeton: request.params.jeton }, bareCallOptions(request));
      if (html) return page({ statut: statut === 'authentique' ? statut : 'revoque', emisLe: emisLe ? timestampDate(emisLe) : undefined }, 200);
      return reply.type('application/json; charset=utf-8').send({ statut, emis_le: toIso(emisLe) });
    } catch (error) {
      if (html && error instanceof AppError && error.kind === 'not_found') return page({ statut: 'inconnu' }, 404);
      throw error;
    }
  });
}

/** Aborted when the client goes: a document that nobody waits for is not drawn. */
function whileWaiting({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return gone.signal;
}
