/** An Idempotency-Key as the edge gives it: it knows the request's bytes and how the answer is written. */
export type Idempotence<T> = {
  /** 0 for anyone who is not known. */
  acteurId: number;
  route: string;
  cle: string;
  corps: Uint8Array;
  ecrire: (done: T) => Uint8Array;
};

/** What was done now, or the bytes of the first answer under the same key. */
export type Once<T> = { done: T } | { replayed: Uint8Array };
