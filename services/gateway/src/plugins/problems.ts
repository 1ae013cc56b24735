import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, httpStatus, invalid, invalidNamed, notFound, problemContentType, problemDocument, toAppError, type FieldErrors } from '@mediai/kit/errors';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { labelOf, named } from './label.ts';
import { judgeRoleFirst } from './role-first.ts';

type Violation = NonNullable<FastifyError['validation']>[number];

/** What fastify itself refuses, as the suite's errors. */
const FRAMEWORK: Record<number, [code: string, detail: string]> = {
  400: ['requete.illisible', "Le corps de la requête n'est pas un JSON valide."],
  413: ['requete.trop_grande', 'Le corps de la requête est trop volumineux.'],
  414: ['requete.trop_grande', "L'adresse est trop longue."],
  415: ['requete.type_non_pris_en_charge', "Ce type de contenu n'est pas pris en charge : envoyez du JSON."],
  431: ['requete.trop_grande', 'Les en-têtes sont trop volumineux.'],
};

/** Every error leaves as a problem document (RFC 9457) in French; causes go to the log only. */
export function addProblems(app: FastifyInstance): void {
  const allowedAt = collectPaths(app);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error.validationContext !== 'params') {
      const problem = fromFramework(error, request);
      return sendProblem(statusOf(problem) === 400 || problem.kind === 'not_found' ? judgeRoleFirst(problem, request) : problem, request, reply);
    }
    // `users/me/` is no id: what was asked for is another method of a path that has no ids.
    const allowed = allowedAt(request.url, true);
    return allowed.length > 0 ? sendNotAllowed(allowed, request, reply) : sendProblem(judgeRoleFirst(notFound(), request), request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = allowedAt(request.url);
    return allowed.length > 0 ? sendNotAllowed(allowed, request, reply) : sendProblem(notFound('route.introuvable', "Cette adresse n'existe pas."), request, reply);
  });
}

/** Methods of the routes at an address; of those whose path has no ids, if there are any or only these are asked for. */
function collectPaths(app: FastifyInstance): (url: string, exactOnly?: boolean) => string[] {
  const routes: { method: string; isExact: boolean; pattern: RegExp }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    const isExact = !url.includes(':');
    const pattern = new RegExp(`^${url.replace(/\/$/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z_]+/g, '[^/]+')}/?$`);
    for (const one of [method].flat()) routes.push({ method: one, isExact, pattern });
  });
  return (url, exactOnly = false) => {
    const path = url.split('?')[0] ?? '';
    const found = routes.filter(({ pattern }) => pattern.test(path));
    const exact = found.filter(({ isExact }) => isExact);
    return [...new Set((exact.length > 0 || exactOnly ? exact : found).map(({ method }) => method))];
  };
}

function sendNotAllowed(allowed: string[], request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.problemCode = 'methode.non_permise';
  const problem = { ...problemDocument(new AppError('invalid', request.problemCode, `La méthode ${request.method} n'est pas permise ici.`), request.id), title: 'Méthode non permise', status: 405 };
  return reply.code(405).header('allow', allowed.join(', ')).type(problemContentType).send(JSON.stringify(problem));
}

/** An address that cannot be read, or with a part longer than any id: fastify's hooks have not run. */
export function answerBadAddress(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void sendProblem(notFound('route.introuvable', "Cette adresse n'existe pas."), request, reply.header('x-request-id', request.id));
}

/** What Node's HTTP parser refuses before there is a request: it is answered on the bare connection, which then ends. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const [code, detail] = status === 431 ? FRAMEWORK[431]! : ['requete.illisible', "La requête n'est pas du HTTP valide, ou n'est pas arrivée à temps."];
  const body = JSON.stringify({ ...problemDocument(new AppError('invalid', code, detail)), status });
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${problemContentType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
}

function sendProblem(error: AppError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = statusOf(error);
  if (error.kind === 'internal') request.log.error({ err: error.cause, code: error.code, route: request.routeOptions.url }, 'request failed');
  request.problemCode = error.code;
  if (error.retryAfterSeconds !== undefined && error.kind !== 'internal') reply.header('retry-after', Math.ceil(error.retryAfterSeconds));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(status).type(problemContentType).send(JSON.stringify({ ...problemDocument(error, request.id), status }));
}

/** What a service refuses as invalid and HTTP has a word of its own for. */
const OF_CODE: Record<string, number> = { 'fichier.trop_grand': 413 };

function statusOf(error: AppError): number {
  const own = error.kind === 'invalid' ? OF_CODE[error.code] : undefined;
  if (own !== undefined) return own;
  const framework = (error.cause as { statusCode?: number } | undefined)?.statusCode;
  return error.kind === 'invalid' && framework !== undefined && framework in FRAMEWORK ? framework : httpStatus(error);
}

function fromFramework(error: FastifyError, request: FastifyRequest): AppError {
  if (error instanceof AppError) return error;
  if (error.validation) return refusal(error.validation, request);
  // What is too large is refused as such, whatever its type.
  const isLarge = error.statusCode === 415 && Number(request.headers['content-length']) > (request.server.initialConfig.bodyLimit ?? Infinity);
  const statusCode = isLarge ? 413 : error.statusCode;
  const known = statusCode === undefined ? undefined : FRAMEWORK[statusCode];
  return known ? new AppError('invalid', known[0], known[1], { cause: { statusCode } }) : toAppError(error);
}

/** What the edge's JSON schema found, by field, in French; by the field's label where the schema has one. */
function refusal(violations: Violation[], request: FastifyRequest): AppError {
  const fields: FieldErrors = {};
  for (const violation of violations) {
    const path = violation.instancePath.split('/').filter(Boolean);
    const field = violation.keyword === 'required' ? String(violation.params['missingProperty']) : (path[0] ?? 'non_field_errors');
    (fields[field] ??= []).push(named(labelOf(field, request), message(violation)));
  }
  const [first] = Object.keys(fields);
  return first !== undefined && labelOf(first, request) ? invalidNamed(fields) : invalid(fields);
}

function message({ keyword, params }: Violation): string {
  switch (keyword) {
    case 'required':
      return 'Ce champ est obligatoire.';
    case 'maxLength':
      return `Ce champ ne peut dépasser ${String(params['limit'])} caractères.`;
    case 'minLength':
      return Number(params['limit']) <= 1 ? 'Ce champ ne peut être vide.' : `Ce champ doit compter au moins ${String(params['limit'])} caractères.`;
    case 'enum':
      return `Valeur attendue : ${(params['allowedValues'] as unknown[]).join(', ')}.`;
    case 'minimum':
      return `Cette valeur doit être au moins ${String(params['limit'])}.`;
    case 'maximum':
      return `Cette valeur doit être au plus ${String(params['limit'])}.`;
    case 'format':
      return params['format'] === 'date' ? 'Une date valide est attendue, au format AAAA-MM-JJ.' : 'Une date et une heure valides sont attendues, au format ISO 8601.';
    case 'type':
      return `Ce champ n'est pas du type attendu (${String(params['type'])}).`;
    default:
      return "Cette valeur n'est pas valide.";
  }
}
