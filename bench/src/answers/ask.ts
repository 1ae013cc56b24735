import { request } from 'node:http';

export type Method = 'GET' | 'POST' | 'PATCH';

/** What is asked of one of the servers that are compared. */
export interface Question {
  readonly method: Method;
  /** Below `/api/v1`. */
  readonly path: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** What of an answer its client reads. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly etag: string;
  readonly body: string;
}

/** Links in an answer hold the host under which it was asked for: every server is asked under this one. */
const HOST = 'same.example:8000';

/** Asks a server of this machine. @throws Error when it cannot be reached */
export function ask(baseUrl: string, { method, path, token, body, headers }: Question): Promise<Answer> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const all = { host: HOST, 'x-request-id': 'same-answers', ...(token ? { authorization: `Bearer ${token}` } : {}), ...(sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(sent)) }), ...headers };
  return new Promise((resolve, reject) => {
    const asked = request(new URL(`/api/v1${path}`, baseUrl), { method, headers: all, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', etag: response.headers.etag ?? '', body: Buffer.concat(chunks).toString('utf8') }));
    });
    asked.on('error', reject);
    asked.end(sent);
  });
}

/** The same, read as JSON. @throws Error for any answer that is no success */
export async function askJson<T>(baseUrl: string, question: Question): Promise<T> {
  const { status, body } = await ask(baseUrl, question);
  if (status >= 300) throw new Error(`${question.method} ${question.path} answered ${status}: ${body}`);
  return JSON.parse(body) as T;
}
