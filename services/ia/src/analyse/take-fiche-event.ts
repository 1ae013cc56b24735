import type { AnalyseStore } from './analyse-store.ts';
import type { EvenementFiche } from './analyse.ts';

/**
 * Take an event of a fiche: its state is kept, its conversation is open, and an analysis waits when one was asked for.
 * No model is asked here. @returns nothing; the same event a second time has no effect
 */
export function createTakeFicheEvent({ store, wake }: { store: Pick<AnalyseStore, 'takeEvent'>; wake: () => void }): (event: EvenementFiche) => Promise<void> {
  return async (event) => {
    if (await store.takeEvent(event)) wake();
  };
}
