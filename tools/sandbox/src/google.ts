import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Schema } from './content/fill-schema.ts';
import { countTokens, pieces, replyTo } from './content/reply.ts';
import { sse, type Answer, type Answerer } from './exchange.ts';

interface Body {
  readonly contents?: readonly { role?: string; parts?: readonly { text?: string }[] }[];
  readonly systemInstruction?: unknown;
  readonly generationConfig?: { responseJsonSchema?: Schema; responseSchema?: Schema; responseMimeType?: string };
}

const STATUTS: Record<number, string> = { 400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND', 429: 'RESOURCE_EXHAUSTED', 503: 'UNAVAILABLE', 504: 'DEADLINE_EXCEEDED' };
const errorBody = (code: number, message = `SIMULATION : erreur ${code} demandée au bac à sable`) => ({ error: { code, message, status: STATUTS[code] ?? 'INTERNAL' } });

/** Gemini's generateContent and streamGenerateContent (?alt=sse), v1 and v1beta; base URL `http://…/google`. */
export function registerGoogle(app: FastifyInstance, answer: Answerer): void {
  app.post<{ Body: Body | null; Params: { version: string; '*': string } }>('/google/:version/models/*', async (request, reply) => {
    const [modele = '', methode = ''] = request.params['*'].split(':');
    const body = request.body ?? {};
    const cle = request.headers['x-goog-api-key'] ?? request.headers.authorization;
    await answer(reply, {
      provider: 'google',
      operation: methode === 'streamGenerateContent' ? 'stream' : 'create',
      model: modele,
      request: body,
      errorBody: (status) => errorBody(status),
      produce({ schemaInvalid }) {
        if (!['v1', 'v1beta'].includes(request.params.version) || !['generateContent', 'streamGenerateContent'].includes(methode)) return { status: 404, body: errorBody(404, 'Requested entity was not found.') };
        if (!cle) return { status: 403, body: errorBody(403, "Method doesn't allow unregistered callers.") };
        const texte = userText(body);
        if (!texte) return { status: 400, body: errorBody(400, '* GenerateContentRequest.contents: contents is not specified') };
        const config = body.generationConfig;
        const schema = config?.responseJsonSchema ?? config?.responseSchema;
        if (schema && config?.responseMimeType !== 'application/json') return { status: 400, body: errorBody(400, 'responseJsonSchema requires responseMimeType application/json') };
        const sortie = replyTo({ voix: 'google', texte, schema, invalide: schemaInvalid });
        return methode === 'generateContent' ? complete(modele, texte, sortie) : streamed(modele, texte, sortie);
      },
    });
  });
}

function userText({ contents }: Body): string {
  return (contents ?? []).filter((c) => (c.role ?? 'user') === 'user').flatMap((c) => (c.parts ?? []).map((p) => p.text ?? '')).join('\n');
}

function chunk(modele: string, responseId: string, text: string, fin: { entree: number; sortie: number } | undefined): Record<string, unknown> {
  return {
    candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0, ...(fin ? { finishReason: 'STOP' } : {}) }],
    ...(fin ? { usageMetadata: { promptTokenCount: fin.entree, candidatesTokenCount: fin.sortie, totalTokenCount: fin.entree + fin.sortie } } : {}),
    modelVersion: modele,
    responseId,
  };
}

function complete(modele: string, texte: string, sortie: string): Answer {
  const responseId = randomBytes(12).toString('base64url');
  return { status: 200, responseId, body: chunk(modele, responseId, sortie, { entree: countTokens(texte), sortie: countTokens(sortie) }) };
}

function streamed(modele: string, texte: string, sortie: string): Answer {
  const responseId = randomBytes(12).toString('base64url');
  const morceaux = pieces(sortie);
  const frames = morceaux.map((m, rang) => sse(chunk(modele, responseId, m, rang === morceaux.length - 1 ? { entree: countTokens(texte), sortie: countTokens(sortie) } : undefined)));
  return { status: 200, responseId, frames };
}
