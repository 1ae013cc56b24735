export type CallOptions = { token?: string | undefined; /** JSON, or a form with its files. */ body?: unknown; headers?: Record<string, string> };

/**
 * A call that must succeed.
 * @param url of the server, without a slash at the end; the path is below `/api/v1`
 * @returns the body, read as JSON
 */
export async function call<T>(url: string, method: string, path: string, { token, body, headers }: CallOptions = {}): Promise<T> {
  const isForm = body instanceof FormData;
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }), ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  return (await response.json()) as T;
}
