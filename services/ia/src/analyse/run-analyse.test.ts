import { expect, test } from '@jest/globals';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { createCompteurs } from '../metrics.ts';
import { LIGNES, vote } from '../vote.memory.ts';
import { VoixError } from '../voix/voix-error.ts';
import type { Voix } from '../voix/voix.ts';
import { createAnalyseStoreMemoire } from './analyse-store.memory.ts';
import { createRunAnalyse } from './run-analyse.ts';

async function start({ iaPermise = true } = {}) {
  const state = { coupee: false, now: Date.parse('2026-11-24T08:00:00Z') };
  const voix: Voix = {
    role: 'gpt4', fournisseur: 'openai', modele: 'm', simulee: true, estCoupee: () => state.coupee,
    demander: async () => {
      if (state.coupee) throw new VoixError('disjoncteur');
      return { texte: JSON.stringify(vote()), modele: 'm', tentatives: 1, jetonsEntree: 1, jetonsSortie: 1, refus: false, tronque: false };
    },
  };
  const store = createAnalyseStoreMemoire(() => state.now);
  const metrics = createMetrics('ia');
  const run = createRunAnalyse({
    store, voix: [voix], voixSynthese: 'claude', delaiTotalMs: 600_000, now: () => state.now,
    fetchFiche: async () => ({ version: 1, lignes: LIGNES, urgenceRegles: 'jaune', iaPermise }),
    log: createLogger({ service: 'ia', level: 'silent' }), compteurs: createCompteurs(metrics),
  });
  await store.takeEvent({
    eventId: 'e1', taskId: 't1', traceparent: undefined,
    fiche: { id: 1, numeroDossier: 'CONS-20261124-001', etablissementId: 1, status: 'en_analyse', version: 1, publishedAnalyseIds: [], deleted: false },
  });
  const attempt = async () => {
    const bail = await store.lease(20_000);
    return bail && run(bail, AbortSignal.timeout(5_000));
  };
  return { state, store, attempt, series: () => metrics.registry.metrics() };
}

test('an analysis whose voices are all cut off by their breakers waits for them instead of failing', async () => {
  const { state, store, attempt } = await start();
  state.coupee = true;
  expect(await attempt()).toBe('reportee');
  expect(store.fins).toEqual([]);
  expect(await attempt()).toBeUndefined();

  state.coupee = false;
  state.now += 10_000;
  expect(await attempt()).toBe('terminee');
  expect(store.fins.map(({ fin }) => fin.etat)).toEqual(['terminee']);
});

test('how long an analysis was waited for is counted from when it was asked for, over all attempts', async () => {
  const { state, attempt, series } = await start();
  state.coupee = true;
  state.now += 30_000;
  await attempt();
  state.coupee = false;
  state.now += 40_000;
  await attempt();
  const text = await series();
  expect(text).toContain('ia_analyse_wait_seconds_sum{service="ia",status="terminee"} 70');
  expect(text).toContain('ia_analyse_wait_seconds_count{service="ia",status="terminee"} 1');
});

test('nobody waits for an analysis that the patient does not agree to', async () => {
  const { attempt, series } = await start({ iaPermise: false });
  expect(await attempt()).toBe('echouee');
  const text = await series();
  expect(text).toContain('ia_analyse_wait_seconds_count{service="ia",status="sans_objet"} 1');
  expect(text).not.toContain('status="echouee"');
});
