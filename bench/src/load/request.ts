/** A request as it goes over the wire: the path from the server's root, the body written out. */
export type WireRequest = { method: string; path: string; headers: Record<string, string>; body?: string };

/** What some load found: answers within 2xx by second, times in milliseconds from when each was due, and all that was answered otherwise or not. */
export type Load = { perSecond: number; p50: number; p99: number; answered: number; failed: number };
