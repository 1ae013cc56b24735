import { claimIdempotence, completeIdempotence, type SqlExecutor } from '@mediai/db';
import type { Idempotence, Once } from './idempotence.ts';

/** Does `work` once under its key, in the transaction of the effect; without a key it is simply done. */
export type RunOnce = <T>(tx: SqlExecutor, idempotence: Idempotence<T> | undefined, work: () => Promise<T>) => Promise<Once<T>>;

/** @param secret key of the hashes of request bodies */
export function createRunOnce(secret: string): RunOnce {
  return async (tx, idempotence, work) => {
    if (!idempotence) return { done: await work() };
    const { acteurId, route, cle, corps, ecrire } = idempotence;
    const key = { acteurId, route, cle };
    const first = await claimIdempotence(tx, key, corps, secret);
    if (first) return { replayed: first.reponse };
    const done = await work();
    await completeIdempotence(tx, key, { statut: 200, reponse: ecrire(done) });
    return { done };
  };
}
