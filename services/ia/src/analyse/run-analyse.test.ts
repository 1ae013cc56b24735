import { expect, test } from '@jest/globals';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { createCompteurs } from '../metrics.ts';
import { LIGNES, vote } from '../vote.memory.ts';
import { VoixError } from '../voix/voix-error.ts';
import type { Voix } from '../voix/voix.ts';
import { createAnalyseStoreMemoire } from './analyse-store.memory.ts';
import { createRunAnalyse } from './run-analyse.ts';

test('an analysis whose voices are all cut off by their breakers waits for them instead of failing', async () => {
  let coupee = true;
  const voix: Voix = {
    role: 'gpt4', fournisseur: 'openai', modele: 'm', simulee: true, estCoupee: () => coupee,
    demander: async () => {
      if (coupee) throw new VoixError('disjoncteur');
      return { texte: JSON.stringify(vote()), modele: 'm', tentatives: 1, jetonsEntree: 1, jetonsSortie: 1, refus: false, tronque: false };
    },
  };
  let now = Date.parse('2026-11-24T08:00:00Z');
  const store = createAnalyseStoreMemoire(() => now);
  const run = createRunAnalyse({
    store, voix: [voix], voixSynthese: 'claude', delaiTotalMs: 600_000, now: () => now,
    fetchFiche: async () => ({ version: 1, lignes: LIGNES, urgenceRegles: 'jaune', iaPermise: true }),
    log: createLogger({ service: 'ia', level: 'silent' }), compteurs: createCompteurs(createMetrics('ia')),
  });
  await store.takeEvent({
    eventId: 'e1', taskId: 't1', traceparent: undefined,
    fiche: { id: 1, numeroDossier: 'CONS-20261124-001', etablissementId: 1, status: 'en_analyse', version: 1, publishedAnalyseIds: [], deleted: false },
  });

  const bail = await store.lease(20_000);
  expect(bail && (await run(bail, AbortSignal.timeout(5_000)))).toBe('reportee');
  expect(store.fins).toEqual([]);
  expect(await store.lease(20_000)).toBeUndefined();

  coupee = false;
  now += 10_000;
  const encore = await store.lease(20_000);
  expect(encore && (await run(encore, AbortSignal.timeout(5_000)))).toBe('terminee');
  expect(store.fins.map(({ fin }) => fin.etat)).toEqual(['terminee']);
});
