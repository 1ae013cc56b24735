import { AsyncLocalStorage } from 'node:async_hooks';

export type RequestContext = {
  requestId: string;
  /** Network address of the client that asked, when known: for the audit and for throttles, never for access. */
  adresse?: string;
};

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `fn` as part of a request: logs and outgoing gRPC calls made inside carry its id, the latter the client's address too. */
export function runWithRequest<T>(request: RequestContext, fn: () => T): T {
  return storage.run(request, fn);
}

/** The id of the request being served, or undefined outside of one. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}

/** The network address of the client whose request is being served, or undefined where none is known. */
export function currentAdresse(): string | undefined {
  return storage.getStore()?.adresse;
}
