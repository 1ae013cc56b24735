import { gatewayUrl, sandboxUrl } from './suite.ts';

/** One call that a stand-in received. */
export interface LedgerCall {
  readonly provider: 'openai' | 'anthropic' | 'google' | 'twilio';
  readonly request: unknown;
  readonly status: number;
}

/** One message that would have been sent. */
export interface SandboxMessage {
  readonly sid: string;
  readonly to: string;
  readonly body: string;
  readonly status: string;
}

export interface Fault {
  readonly provider: LedgerCall['provider'] | '*';
  readonly kind: 'latency' | 'status' | 'garbage' | 'drop_after_accept' | 'hang' | 'schema_invalid';
  readonly status?: number;
  readonly latencyMs?: number;
  readonly count?: number;
}

async function sandbox<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${sandboxUrl()}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`${method} ${path} of the sandbox answered ${response.status}`);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Calls whose request holds `needle`. */
export async function callsHolding(needle: string): Promise<LedgerCall[]> {
  const { calls } = await sandbox<{ calls: LedgerCall[] }>('GET', '/sandbox/ledger');
  return calls.filter((call) => JSON.stringify(call).includes(needle));
}

/** Messages that hold `needle` in text or address, oldest first. */
export async function messagesHolding(needle: string): Promise<SandboxMessage[]> {
  const { messages } = await sandbox<{ messages: SandboxMessage[] }>('GET', '/sandbox/messages');
  return messages.filter((message) => JSON.stringify(message).includes(needle)).toReversed();
}

export const setFault = (fault: Fault): Promise<unknown> => sandbox('PUT', '/sandbox/faults', fault);
export const clearFaults = (): Promise<unknown> => sandbox('DELETE', '/sandbox/faults');

/** A call as Twilio would make it to a route of the gateway. */
export interface Inbound {
  /** Default whatsapp. */
  readonly canal?: 'whatsapp' | 'sms';
  readonly form: Readonly<Record<string, string>>;
  readonly signature?: 'juste' | 'fausse' | 'absente';
  /** Signs the address of another host. */
  readonly autreHote?: boolean;
}

/** Has the sandbox make it. @returns what the gateway answered */
export function inbound({ canal = 'whatsapp', form, signature = 'juste', autreHote = false }: Inbound): Promise<{ messageSid: string; status: number; type: string | null; body: string }> {
  const path = `/api/v1/webhooks/twilio/${canal}/`;
  return sandbox('POST', '/sandbox/inbound', { url: `${gatewayUrl()}${path}`, form, signature, ...(autreHote ? { signedUrl: `https://mediai.exemple.cd${path}` } : {}) });
}

/** One span that a service exported. */
export interface Span {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
}

/** Spans that the services exported, of one trace or all. */
export const spans = async (traceId?: string): Promise<Span[]> => (await sandbox<{ spans: Span[] }>('GET', `/sandbox/traces${traceId ? `?trace_id=${traceId}` : ''}`)).spans;
