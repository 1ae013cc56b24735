import type { FaultKind, Provider } from './faults.ts';

/** How a call ended; `aborted` means that the caller left first. */
export type Outcome = 'pending' | 'answered' | 'refused' | 'dropped' | 'aborted';

/** One call as it was received and answered. */
export interface Call {
  readonly id: number;
  readonly provider: Provider;
  readonly operation: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly model: string | null;
  readonly request: unknown;
  /** HTTP status sent, null while or when none was. */
  status: number | null;
  responseId: string | null;
  outcome: Outcome;
  fault: FaultKind | null;
  durationMs: number | null;
}

export type Ledger = ReturnType<typeof createLedger>;

/**
 * Every call in memory, oldest dropped first.
 * @param limits how many calls and how many characters of request bodies are kept
 */
export function createLedger({ maxCalls = 10_000, maxChars = 64_000_000 } = {}) {
  let calls: { call: Call; chars: number }[] = [];
  let chars = 0;
  let suivant = 1;
  return {
    open(entry: Pick<Call, 'provider' | 'operation' | 'model' | 'request'>): Call {
      const call: Call = { id: suivant, time: new Date().toISOString(), ...entry, status: null, responseId: null, outcome: 'pending', fault: null, durationMs: null };
      suivant += 1;
      const taille = JSON.stringify(entry.request)?.length ?? 0;
      calls.push({ call, chars: taille });
      chars += taille;
      while (calls.length > 1 && (calls.length > maxCalls || chars > maxChars)) chars -= calls.shift()?.chars ?? 0;
      return call;
    },
    /**
     * @param filter `since`: an ISO instant (calls at or after it) or the id of a call (calls after it)
     * @returns oldest first
     */
    list({ provider, since }: { provider?: string | undefined; since?: string | undefined } = {}): Call[] {
      const apresId = since !== undefined && /^\d+$/u.test(since) ? Number(since) : undefined;
      const depuis = since !== undefined && apresId === undefined ? Date.parse(since) : Number.NEGATIVE_INFINITY;
      return calls.map((c) => c.call).filter((c) => (provider === undefined || c.provider === provider) && Date.parse(c.time) >= depuis && c.id > (apresId ?? 0));
    },
    clear(): void {
      calls = [];
      chars = 0;
    },
  };
}
