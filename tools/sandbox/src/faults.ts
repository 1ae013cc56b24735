export const PROVIDERS = ['openai', 'anthropic', 'google', 'twilio'] as const;
export type Provider = (typeof PROVIDERS)[number];

export const FAULT_KINDS = ['latency', 'status', 'garbage', 'drop_after_accept', 'hang', 'schema_invalid', 'undelivered'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault to play. One per provider; a provider's own goes before `*`. */
export interface Fault {
  readonly provider: Provider | '*';
  readonly kind: FaultKind;
  /** HTTP status of kind `status` (default 500). */
  readonly status?: number;
  /** Provider's own error code in the body (Twilio: 63016 …). */
  readonly code?: number;
  /** Wait before anything else, with every kind. */
  readonly latencyMs?: number;
  /** How many calls it hits; for ever when absent. */
  readonly count?: number;
  /** Value of the Retry-After header, in seconds. */
  readonly retryAfter?: number;
}

/** JSON schema of the body of PUT /sandbox/faults. */
export const faultSchema = {
  type: 'object',
  required: ['provider', 'kind'],
  additionalProperties: false,
  properties: {
    provider: { enum: [...PROVIDERS, '*'] },
    kind: { enum: FAULT_KINDS },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'integer' },
    latencyMs: { type: 'integer', minimum: 0, maximum: 600_000 },
    count: { type: 'integer', minimum: 1 },
    retryAfter: { type: 'integer', minimum: 0 },
  },
} as const;

/** Kinds that only mean something when a message is created. */
const CREATE_ONLY: readonly FaultKind[] = ['drop_after_accept', 'undelivered'];

export type Faults = ReturnType<typeof createFaults>;

/** The faults that are set, and how often each was played. */
export function createFaults() {
  const posees = new Map<string, { fault: Fault; hits: number }>();
  return {
    set(fault: Fault): void {
      posees.set(fault.provider, { fault, hits: 0 });
    },
    clear(provider?: string): void {
      if (provider) posees.delete(provider);
      else posees.clear();
    },
    list: () => [...posees.values()].map(({ fault, hits }) => ({ ...fault, hits })),
    /** The fault that this call meets, counted as played. `operation` is `create` for calls that leave something behind. */
    take(provider: Provider, operation: string): Fault | undefined {
      for (const cle of [provider, '*']) {
        const posee = posees.get(cle);
        if (!posee) continue;
        if (provider === 'twilio' && operation !== 'create' && CREATE_ONLY.includes(posee.fault.kind)) continue;
        if (posee.fault.count !== undefined && posee.hits >= posee.fault.count) continue;
        posee.hits += 1;
        return posee.fault;
      }
      return undefined;
    },
  };
}
