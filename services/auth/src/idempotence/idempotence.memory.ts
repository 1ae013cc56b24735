import { AppError } from '@mediai/kit/errors';
import type { Idempotence, Once } from './idempotence.ts';

type First = { corps: string; answer: Uint8Array };

/** Keys without a database; `work` is synchronous, so that nothing comes in between. */
export function createMemoryRunOnce() {
  const answers = new Map<string, First>();
  return <T>(idempotence: Idempotence<T> | undefined, work: () => T): Once<T> => {
    if (!idempotence) return { done: work() };
    const { acteurId, route, cle } = idempotence;
    const key = JSON.stringify([acteurId, route, cle]);
    const corps = Buffer.from(idempotence.corps).toString('hex');
    const first = answers.get(key);
    if (first && first.corps !== corps) throw new AppError('unprocessable', 'idempotence.autre_corps', "Cette clé d'idempotence a déjà servi à une autre demande.");
    if (first) return { replayed: first.answer };
    const done = work();
    answers.set(key, { corps, answer: idempotence.ecrire(done) });
    return { done };
  };
}
