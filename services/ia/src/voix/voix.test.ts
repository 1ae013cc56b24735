import { describe, expect, test } from '@jest/globals';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { z } from 'zod';
import { configSchema } from '../config.ts';
import { compterJetons } from '../metrics.ts';
import type { Demande, Fournisseur } from './fournisseur.ts';
import { coutUsd } from './prix.ts';
import { createVoix, type OptionsVoix } from './voix.ts';
import { lireRetryAfter, toVoixError, VoixError } from './voix-error.ts';

const demande: Demande = { consigne: 'c', texte: 't', schema: z.strictObject({}), nomSchema: 'essai' };
const reponse = { texte: '{}', refus: false, tronque: false, modele: 'm', jetonsEntree: 1, jetonsSortie: 1 };
const statut = (status: number, retryAfter?: string) => Object.assign(new Error('texte du fournisseur'), { status, headers: new Headers(retryAfter ? { 'retry-after': retryAfter } : {}) });

function ouvrir(suite: (unknown | 'attend')[], plus: Partial<OptionsVoix> = {}) {
  const appels: AbortSignal[] = [];
  const metrics = createMetrics('ia');
  const fournisseur: Fournisseur = {
    nom: 'openai', modele: 'm',
    demander: async (_demande, signal) => {
      appels.push(signal);
      const prochain = suite[Math.min(appels.length, suite.length) - 1];
      if (prochain === 'attend') await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))));
      if (prochain instanceof Error) throw prochain;
      return reponse;
    },
  };
  const voix = createVoix({ role: 'gpt4', fournisseur, simulee: false, timeoutMs: 1_000, pauseMs: 1, log: createLogger({ service: 'ia', level: 'silent' }), metrics, ...plus });
  return { appels, metrics, demander: (signal = new AbortController().signal) => voix.demander(demande, signal) };
}

describe('what an answer costs', () => {
  const cout = async (modele: string, simulee: boolean): Promise<string[]> => {
    const metrics = createMetrics('ia');
    const compter = compterJetons(metrics, { role: 'claude', modele, simulee });
    compter({ entree: 1_500_000, sortie: 200_000 });
    compter({ entree: 500_000, sortie: 0 });
    return (await metrics.registry.metrics()).split('\n').filter((ligne) => /^ia_(tokens|cost)/u.test(ligne));
  };
  const jetons = ['ia_tokens_total{voix="claude",direction="entree",service="ia"} 2000000', 'ia_tokens_total{voix="claude",direction="sortie",service="ia"} 200000'];

  test('is added up where the price of the model is known', async () => {
    expect(await cout('claude-sonnet-5-5', false)).toEqual([...jetons, 'ia_cost_usd_total{voix="claude",service="ia"} 6']);
  });
  test.each(['claude-inconnue', 'constructor', ''])('is not told of a model without a price, whose tokens are: %s', async (modele) => {
    expect(await cout(modele, false)).toEqual(jetons);
  });
  test('is nothing for a simulated voice', async () => {
    expect(await cout('claude-sonnet-5-5', true)).toEqual([...jetons, 'ia_cost_usd_total{voix="claude",service="ia"} 0']);
  });
  test('is known of every model that a voice has unless another is configured', () => {
    for (const { OPENAI_MODEL, ANTHROPIC_MODEL, GOOGLE_MODEL } of [configSchema]) {
      for (const { default: modele } of [OPENAI_MODEL, ANTHROPIC_MODEL, GOOGLE_MODEL]) expect([modele, coutUsd(modele, { entree: 1, sortie: 1 })]).toEqual([modele, expect.any(Number)]);
    }
  });
});

describe('a call to a voice', () => {
  test.each([429, 500, 503, 529, 408])('is made again after a status %i, three times at most', async (status) => {
    const bon = ouvrir([statut(status), reponse]);
    expect(await bon.demander()).toMatchObject({ tentatives: 2 });
    const mauvais = ouvrir([statut(status)]);
    await expect(mauvais.demander()).rejects.toMatchObject({ tentatives: 3 });
    expect(mauvais.appels).toHaveLength(3);
  });

  test.each([[400, 'requete'], [401, 'cle'], [403, 'cle'], [404, 'requete']])('is not made again after a status %i', async (status, genre) => {
    const { demander, appels } = ouvrir([statut(status)]);
    await expect(demander()).rejects.toMatchObject({ genre, tentatives: 1 });
    expect(appels).toHaveLength(1);
  });

  test('is not made again when the answer cannot be read', async () => {
    const { demander, appels } = ouvrir([new SyntaxError('Unexpected token < in JSON')]);
    await expect(demander()).rejects.toMatchObject({ genre: 'illisible' });
    expect(appels).toHaveLength(1);
  });

  test('that takes too long is aborted at the provider and made again', async () => {
    const { demander, appels } = ouvrir(['attend', reponse], { timeoutMs: 30 });
    expect(await demander()).toMatchObject({ tentatives: 2 });
    expect(appels[0]?.aborted).toBe(true);
  });

  test('that the caller gives up ends at the provider and is not made again', async () => {
    const { demander, appels } = ouvrir(['attend']);
    const abort = new AbortController();
    const appel = demander(abort.signal);
    setTimeout(() => abort.abort(), 10);
    await expect(appel).rejects.toMatchObject({ genre: 'annule' });
    expect(appels.map((s) => s.aborted)).toEqual([true]);
  });

  test('honours Retry-After within bounds', async () => {
    const debut = performance.now();
    await ouvrir([statut(429, '3600'), reponse], { maxPauseMs: 60 }).demander();
    expect(performance.now() - debut).toBeGreaterThanOrEqual(55);
    expect(performance.now() - debut).toBeLessThan(5_000);
  });

  test('is refused at once while the breaker is open, and its state is a metric', async () => {
    const { demander, appels, metrics } = ouvrir([statut(503)], { disjoncteur: { echecs: 3, ouvertMs: 60_000 } });
    await expect(demander()).rejects.toMatchObject({ genre: 'indisponible' });
    await expect(demander()).rejects.toMatchObject({ genre: 'disjoncteur', tentatives: 0 });
    expect(appels).toHaveLength(3);
    expect(await metrics.registry.metrics()).toMatch(/breaker_state\{breaker="gpt4".*\} 2/u);
  });
});

test('an error keeps no text of the provider', () => {
  expect(JSON.stringify(toVoixError(statut(500)))).not.toContain('texte');
  expect(toVoixError(new TypeError('fetch failed'))).toMatchObject({ genre: 'indisponible' });
  expect(toVoixError(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBeInstanceOf(VoixError);
});

test('Retry-After is seconds or a date', () => {
  expect(lireRetryAfter('7', 0)).toBe(7_000);
  expect(lireRetryAfter('Thu, 01 Jan 1970 00:00:09 GMT', 4_000)).toBe(5_000);
  expect(lireRetryAfter('bientôt', 0)).toBeUndefined();
});
