import type { Bench } from '../measurement.ts';
import type { WireRequest } from '../load/request.ts';
import type { Row, Stock } from './row.ts';

/** The requests of a row, written out: what does not differ from one to the next is written once. */
export async function requestsOf(row: Row, bench: Bench, stock: Stock): Promise<(n: number) => WireRequest> {
  const { method, path, body } = row;
  const token = row.as && (await bench.token(row.as));
  const headers: Record<string, string> = { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(body ? { 'content-type': 'application/json' } : {}) };
  const isSame = body !== undefined && body(stock, 0) === body(stock, 1);
  const same = isSame ? JSON.stringify(body(stock, 0)) : undefined;
  return (n) => ({ method, path: path(stock, n), headers, ...(body ? { body: same ?? JSON.stringify(body(stock, n)) } : {}) });
}

/** One request by itself. Returns its status, and its body as it came. */
export async function askOnce(url: string, { method, path, headers, body }: WireRequest): Promise<{ status: number; body: string }> {
  const response = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }), signal: AbortSignal.timeout(30_000) });
  return { status: response.status, body: await response.text() };
}
