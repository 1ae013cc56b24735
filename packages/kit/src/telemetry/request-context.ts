import { AsyncLocalStorage } from 'node:async_hooks';

export type RequestContext = { requestId: string };

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `fn` as part of a request: logs and outgoing gRPC calls made inside carry its id. */
export function runWithRequest<T>(request: RequestContext, fn: () => T): T {
  return storage.run(request, fn);
}

/** The id of the request being served, or undefined outside of one. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}
