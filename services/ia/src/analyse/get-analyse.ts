import { notFound, forbidden } from '@mediai/kit/errors';
import type { Acteur } from '@mediai/kit/acteur';
import type { AnalyseStore } from './analyse-store.ts';
import type { AnalyseLue } from './analyse.ts';

/** The result of an analysis, for services only. Throws forbidden for anybody else, not_found for an unknown id. */
export function createGetAnalyse({ store }: { store: Pick<AnalyseStore, 'find'> }): (acteur: Acteur | undefined, id: number) => Promise<AnalyseLue> {
  return async (acteur, id) => {
    if (acteur?.role !== 'service') throw forbidden();
    const analyse = await store.find(id);
    if (!analyse) throw notFound();
    return analyse;
  };
}
