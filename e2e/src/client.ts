import { gatewayUrl } from './suite.ts';

/** One HTTP answer with its body already read: from JSON, or as it was written. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export interface CallOptions {
  readonly token?: string;
  /** Sent as JSON; a form with its files (FormData) as multipart. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/**
 * Call the gateway as a client would.
 * @param path from `/api/…`
 * @returns status, body (null when empty) and headers; never throws on a status
 */
export async function call<T = Record<string, unknown>>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const isForm = options.body instanceof FormData;
  const response = await fetch(`${gatewayUrl()}${path}`, {
    method,
    headers: {
      ...(options.body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: isForm ? (options.body as FormData) : JSON.stringify(options.body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, body: (text === '' ? null : isJson ? JSON.parse(text) : text) as T, headers: response.headers };
}

/** Log in. @returns the access token */
export async function login(username: string, password: string): Promise<string> {
  const answer = await call<{ access: string }>('POST', '/api/v1/auth/token/', { body: { username, password } });
  if (answer.status !== 200) throw new Error(`login of ${username} answered ${answer.status}`);
  return answer.body.access;
}

export const DEMO_PASSWORD = process.env['MEDIAI_DEMO_PASSWORD'] ?? 'demo-mediai';
export const loginMedecin = (): Promise<string> => login('medecin.demo', DEMO_PASSWORD);
export const loginAdmin = (): Promise<string> => login('admin.demo', DEMO_PASSWORD);
export const loginSuperuser = (): Promise<string> => login('superuser.demo', DEMO_PASSWORD);

let registered = 0;

/** Register a patient of one's own. @returns the access token, the user id and the phone in E.164 */
export async function registerPatient(): Promise<{ token: string; id: number; phone: string; username: string }> {
  registered += 1;
  const unique = `${Date.now().toString(36)}${process.pid}${registered}`;
  const username = `patient.${unique}`;
  const phone = `+24381${String(Math.floor(Math.random() * 10_000_000)).padStart(7, '0')}`;
  const password = `mot-de-passe-${unique}`;
  const answer = await call<{ id: number }>('POST', '/api/v1/auth/users/register/', {
    body: { username, password, email: `${username}@exemple.cd`, phone, role: 'patient', first_name: 'Kabibi', last_name: 'Tshilombo' },
  });
  if (answer.status !== 201) throw new Error(`register answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  const token = await login(username, password);
  const me = await call<{ id: number }>('GET', '/api/v1/auth/me/', { token });
  return { token, id: me.body.id, phone, username };
}

/**
 * Ask again until the answer pleases; the time is a bound on hanging, not a promise.
 * @throws with the last answer when `timeoutMs` is over
 */
export async function until<T>(what: string, ask: () => Promise<T>, pleases: (value: T) => boolean, timeoutMs = 60_000): Promise<T> {
  const end = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await ask();
      if (pleases(value)) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await new Promise((wake) => setTimeout(wake, 150));
  }
  throw new Error(`${what}: not within ${timeoutMs / 1000} s; last: ${last instanceof Error ? last.message : JSON.stringify(last)?.slice(0, 600)}`);
}
