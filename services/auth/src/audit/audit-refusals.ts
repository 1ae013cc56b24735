import type { Acteur } from '@mediai/kit/acteur';
import { AppError } from '@mediai/kit/errors';
import { acteRefuse, type Acte } from './acte.ts';

/**
 * Wraps use cases that change something: where the policy refuses one (`forbidden`, or `not_found` as what is out of reach
 * is told), the attempt is a line of the audit with the code as its reason. The number after the actor is the object's id.
 */
export function createAuditRefusals(note: (acte: Acte) => Promise<void>) {
  return <A extends [acteur: Acteur, ...rest: unknown[]], R>(action: string, objetType: Acte['objetType'], useCase: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      try {
        return await useCase(...args);
      } catch (error) {
        if (error instanceof AppError && (error.kind === 'forbidden' || error.kind === 'not_found')) await note(acteRefuse(args[0], { action, objetType, objetId: typeof args[1] === 'number' ? String(args[1]) : '', raison: error.code }));
        throw error;
      }
    };
}
