import { createHash } from 'node:crypto';
import { ficheComplete } from '@mediai/testing';

export type Fiche = Record<string, unknown> & { id: number; status: string; numero_dossier: string };
export type Message = { sid: string; to: string; body: string };

const demoPassword = 'demo-mediai';
const pdf = (words: string): Buffer => Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% ${words}\ntrailer<</Root 1 0 R>>\n%%EOF\n`);
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What a check asks of a started suite, as the people of the demonstration. Every call throws on a status of 300 or more. */
export function createSuiteClient(gatewayUrl: string) {
  async function call<T>(method: string, path: string, token?: string, body?: unknown): Promise<T> {
    const isForm = body instanceof FormData;
    const response = await fetch(`${gatewayUrl}/api/v1${path}`, {
      method,
      headers: { ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }), ...(token ? { authorization: `Bearer ${token}` } : {}) },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok) throw Object.assign(new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`), { status: response.status });
    return JSON.parse(text || 'null') as T;
  }

  return {
    login: async (username: string): Promise<string> => (await call<{ access: string }>('POST', '/auth/token/', undefined, { username, password: demoPassword })).access,
    me: (token: string) => call<{ username: string }>('GET', '/auth/me/', token),
    postFiche: (token: string, telephone: string) => call<Fiche>('POST', '/fiche-consultation/', token, ficheComplete({ telephone })),
    readFiche: (token: string, id: number) => call<Fiche>('GET', `/fiche-consultation/${id}/`, token),
    validate: (token: string, id: number) => call<Fiche>('POST', `/fiche-consultation/${id}/validate/`, token, {
      diagnostic: 'Paludisme simple à Plasmodium falciparum, TDR positif.', traitement: 'Artéméther-luméfantrine 80/480 mg, 1 comprimé matin et soir pendant 3 jours.', recommandations: 'Revenir sans attendre si vomissements ou confusion.',
    }),
    /** A document beside a fiche. @returns its id, and the SHA-256 of what was sent */
    async attach(token: string, fiche: number, words: string): Promise<{ id: number; sum: string }> {
      const bytes = pdf(words);
      const form = new FormData();
      form.set('fiche', String(fiche));
      form.set('file', new Blob([bytes], { type: 'application/pdf' }), `${words}.pdf`);
      const { id } = await call<{ id: number }>('POST', '/attachments/', token, form);
      return { id, sum: sha256(bytes) };
    },
    detach: (token: string, id: number) => call('DELETE', `/attachments/${id}/`, token),
    async download(token: string, id: number): Promise<Uint8Array> {
      const response = await fetch(`${gatewayUrl}/api/v1/attachments/${id}/download/`, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(30_000) });
      if (!response.ok) throw new Error(`download of attachment ${id} answered ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

export type SuiteClient = ReturnType<typeof createSuiteClient>;

/** Asks again until `pleases`; the time bounds a hang. @throws with the last answer */
export async function until<T>(what: string, ask: () => Promise<T>, pleases: (value: T) => boolean, timeoutMs = 120_000): Promise<T> {
  let last: unknown;
  for (const limit = Date.now() + timeoutMs; Date.now() < limit; await new Promise((wake) => setTimeout(wake, 200))) {
    try {
      const value = await ask();
      if (pleases(value)) return value;
      last = value;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`${what}: not within ${timeoutMs / 1000} s; last: ${last instanceof Error ? last.message : JSON.stringify(last)?.slice(0, 400)}`);
}
