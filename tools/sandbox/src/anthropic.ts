import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Schema } from './content/fill-schema.ts';
import { countTokens, pieces, replyTo } from './content/reply.ts';
import { sse, type Answer, type Answerer } from './exchange.ts';

interface Body {
  readonly model?: string;
  readonly max_tokens?: number;
  readonly temperature?: number;
  readonly stream?: boolean;
  readonly system?: unknown;
  readonly messages?: readonly { role?: string; content?: string | readonly { text?: string }[] }[];
  readonly output_config?: { format?: { type?: string; schema?: Schema } | null };
}

const TYPES: Record<number, string> = { 400: 'invalid_request_error', 401: 'authentication_error', 403: 'permission_error', 404: 'not_found_error', 413: 'request_too_large', 429: 'rate_limit_error', 529: 'overloaded_error' };
const errorBody = (status: number, message = `SIMULATION : erreur ${status} demandée au bac à sable`) =>
  ({ type: 'error', error: { type: TYPES[status] ?? 'api_error', message }, request_id: `req_${randomBytes(12).toString('hex')}` });

/** The Messages API (POST /v1/messages), plain and streamed; base URL `http://…/anthropic`. */
export function registerAnthropic(app: FastifyInstance, answer: Answerer): void {
  app.post<{ Body: Body | null }>('/anthropic/v1/messages', async (request, reply) => {
    const body = request.body ?? {};
    const authorise = Boolean(request.headers.authorization ?? request.headers['x-api-key']);
    await answer(reply, {
      provider: 'anthropic',
      operation: body.stream ? 'stream' : 'create',
      model: body.model ?? null,
      request: body,
      errorBody: (status) => errorBody(status),
      produce({ schemaInvalid }) {
        if (!authorise) return { status: 401, body: errorBody(401, 'authentication required') };
        const faute = fault(body);
        if (faute) return { status: 400, body: errorBody(400, faute) };
        const texte = userText(body);
        const format = body.output_config?.format;
        const sortie = replyTo({ voix: 'anthropic', texte, schema: format?.type === 'json_schema' ? format.schema : undefined, invalide: schemaInvalid });
        return body.stream ? streamed(body, texte, sortie) : complete(body, texte, sortie);
      },
    });
  });
}

function fault(body: Body): string | undefined {
  if (!body.model) return 'model: Field required';
  if (!Number.isInteger(body.max_tokens) || Number(body.max_tokens) < 1) return 'max_tokens: Field required';
  if (body.temperature !== undefined) return 'temperature: this parameter is not supported by this model';
  if (!body.messages?.length || !userText(body)) return 'messages: at least one message is required';
  return undefined;
}

function userText({ messages }: Body): string {
  return (messages ?? []).filter((m) => m.role === 'user').map((m) => (typeof m.content === 'string' ? m.content : (m.content ?? []).map((c) => c.text ?? '').join('\n'))).join('\n');
}

function message(body: Body, texte: string, fields: Record<string, unknown>): Record<string, unknown> & { id: string } {
  return {
    id: `msg_${randomBytes(12).toString('hex')}`, type: 'message', role: 'assistant', model: body.model, content: [], container: null, diagnostics: null, stop_details: null, stop_reason: null, stop_sequence: null,
    usage: { input_tokens: countTokens(texte + JSON.stringify(body.system ?? '')), output_tokens: 1, cache_creation: null, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, inference_geo: null, output_tokens_details: null, server_tool_use: null, service_tier: 'standard', speed: null },
    ...fields,
  };
}

function complete(body: Body, texte: string, sortie: string): Answer {
  const vide = message(body, texte, { content: [{ type: 'text', text: sortie, citations: null }], stop_reason: 'end_turn' });
  return { status: 200, responseId: vide.id, body: { ...vide, usage: { ...(vide['usage'] as object), output_tokens: countTokens(sortie) } } };
}

function streamed(body: Body, texte: string, sortie: string): Answer {
  const debut = message(body, texte, {});
  const events: { type: string; [champ: string]: unknown }[] = [
    { type: 'message_start', message: debut },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: null } },
    { type: 'ping' },
    ...pieces(sortie).map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null, stop_details: null, container: null }, usage: { output_tokens: countTokens(sortie) } },
    { type: 'message_stop' },
  ];
  return { status: 200, responseId: debut.id, frames: events.map((e) => sse(e, e.type)) };
}
