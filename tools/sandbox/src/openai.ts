import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Schema } from './content/fill-schema.ts';
import { countTokens, pieces, replyTo } from './content/reply.ts';
import { sse, type Answer, type Answerer } from './exchange.ts';

interface Body {
  readonly model?: string;
  readonly input?: string | readonly { role?: string; content?: string | readonly { text?: string }[] }[];
  readonly instructions?: string;
  readonly stream?: boolean;
  readonly text?: { format?: { type?: string; schema?: Schema } };
}

const id = (prefix: string): string => `${prefix}_${randomBytes(24).toString('hex')}`;

const TYPES: Record<number, string> = { 400: 'invalid_request_error', 401: 'invalid_request_error', 403: 'permission_error', 429: 'rate_limit_exceeded' };
const errorBody = (status: number, message = `SIMULATION : erreur ${status} demandée au bac à sable`) =>
  ({ error: { message, type: TYPES[status] ?? 'server_error', param: null, code: status === 401 ? 'invalid_api_key' : status === 429 ? 'rate_limit_exceeded' : null } });

/** The Responses API (POST /v1/responses), plain and streamed; base URL `http://…/openai/v1`. */
export function registerOpenai(app: FastifyInstance, answer: Answerer): void {
  app.post<{ Body: Body | null }>('/openai/v1/responses', async (request, reply) => {
    const body = request.body ?? {};
    const authorise = /^Bearer \S+/u.test(request.headers.authorization ?? '');
    await answer(reply, {
      provider: 'openai',
      operation: body.stream ? 'stream' : 'create',
      model: body.model ?? null,
      request: body,
      errorBody: (status) => errorBody(status),
      produce({ schemaInvalid }) {
        if (!authorise) return { status: 401, body: errorBody(401, 'Missing bearer authentication in header') };
        if (!body.model) return { status: 400, body: errorBody(400, "Missing required parameter: 'model'.") };
        const texte = userText(body);
        if (!texte) return { status: 400, body: errorBody(400, "Missing required parameter: 'input'.") };
        const schema = body.text?.format?.type === 'json_schema' ? body.text.format.schema : undefined;
        const sortie = replyTo({ voix: 'openai', texte, schema, invalide: schemaInvalid });
        return body.stream ? streamed(body, texte, sortie) : complete(body, texte, sortie);
      },
    });
  });
}

function userText({ input }: Body): string {
  if (typeof input === 'string') return input;
  return (input ?? []).filter((m) => m.role === 'user').map((m) => (typeof m.content === 'string' ? m.content : (m.content ?? []).map((c) => c.text ?? '').join('\n'))).join('\n');
}

function response(body: Body, fields: Record<string, unknown>): Record<string, unknown> {
  return {
    object: 'response', created_at: Math.floor(Date.now() / 1000), status: 'in_progress', error: null, incomplete_details: null, instructions: body.instructions ?? null,
    model: body.model, output: [], parallel_tool_calls: true, previous_response_id: null, reasoning: { effort: null, summary: null }, store: false, temperature: 1,
    text: body.text ?? { format: { type: 'text' } }, tool_choice: 'auto', tools: [], top_p: 1, truncation: 'disabled', usage: null, metadata: { sandbox: 'SIMULATION' }, ...fields,
  };
}

function finished(body: Body, texte: string, sortie: string, ids: { response: string; message: string }): Record<string, unknown> {
  const entree = countTokens(texte + (body.instructions ?? ''));
  const message = { id: ids.message, type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text: sortie, annotations: [], logprobs: [] }] };
  const usage = { input_tokens: entree, input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 }, output_tokens: countTokens(sortie), output_tokens_details: { reasoning_tokens: 0 }, total_tokens: entree + countTokens(sortie) };
  return response(body, { id: ids.response, status: 'completed', output: [message], usage });
}

function complete(body: Body, texte: string, sortie: string): Answer {
  const ids = { response: id('resp'), message: id('msg') };
  return { status: 200, responseId: ids.response, body: finished(body, texte, sortie, ids) };
}

function streamed(body: Body, texte: string, sortie: string): Answer {
  const ids = { response: id('resp'), message: id('msg') };
  const place = { item_id: ids.message, output_index: 0, content_index: 0 };
  const vide = response(body, { id: ids.response });
  const item = { id: ids.message, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
  const part = { type: 'output_text', text: sortie, annotations: [], logprobs: [] };
  const fin = finished(body, texte, sortie, ids);
  const events: { type: string; [champ: string]: unknown }[] = [
    { type: 'response.created', response: vide },
    { type: 'response.in_progress', response: vide },
    { type: 'response.output_item.added', output_index: 0, item },
    { type: 'response.content_part.added', ...place, part: { ...part, text: '' } },
    ...pieces(sortie).map((delta) => ({ type: 'response.output_text.delta', ...place, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...place, text: sortie, logprobs: [] },
    { type: 'response.content_part.done', ...place, part },
    { type: 'response.output_item.done', output_index: 0, item: (fin['output'] as unknown[])[0] },
    { type: 'response.completed', response: fin },
  ];
  return { status: 200, responseId: ids.response, frames: events.map((e, sequence_number) => sse({ ...e, sequence_number }, e.type)) };
}
