import type { Acteur } from '@mediai/kit/acteur';
import { notFound } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import type { AnalyseStore } from './analyse-store.ts';
import type { AnalyseLue } from './analyse.ts';

/** The result of an analysis, for consultation only. Throws forbidden for anybody else, not_found for an unknown id. */
export function createGetAnalyse({ store }: { store: Pick<AnalyseStore, 'find'> }): (acteur: Acteur, id: number) => Promise<AnalyseLue> {
  return async (acteur, id) => {
    exiger(acteur, 'lire_analyse');
    const analyse = await store.find(id);
    if (!analyse) throw notFound();
    return analyse;
  };
}
