import { describe, expect, test } from '@jest/globals';
import { holdsKey, isNews, isPending, mayResend, retryDelayMs, settle, type ClaimedDelivery, type Etat, type Outcome } from './delivery.ts';

const at = new Date('2026-03-02T08:00:00Z');
const later = (ms: number): Date => new Date(at.getTime() + ms);
const hour = 3_600_000;

const claimed: ClaimedDelivery = {
  id: 1, cle: 'fiche:1:a', canal: 'whatsapp', modele: 'fiche_prete', telephone: '+243810000001', userId: 4, prenom: 'Amani', numeroDossier: 'CONS-20260302-001', ficheId: 1,
  appointmentId: null, appointmentVersion: null, debut: null, fuseau: 'Africa/Lubumbashi', etablissementId: 1, etat: 'en_cours', attempts: 1, nextAttemptAt: later(10_000),
  leaseUntil: later(10_000), uncertainSince: at, resendAfter: later(15_000), messageSid: null, errorCode: null, sentAt: null, traceparent: null, createdAt: at, mustReconcile: false,
};

describe('the state after an attempt', () => {
  test.each<[string, Outcome, string, string | null, boolean]>([
    ['accepted is sent', { kind: 'accepted', sid: 'SM1' }, 'envoye', null, false],
    ['refused is the end', { kind: 'refused', code: 'twilio.21211' }, 'echec', 'twilio.21211', false],
    ['postponed waits, and is certainly not with the provider', { kind: 'postponed', code: 'twilio.20429' }, 'en_attente', 'twilio.20429', false],
    ['failed waits, and is looked up first', { kind: 'failed', code: 'twilio.20500' }, 'en_attente', 'twilio.20500', true],
    ['no answer is unknown, and is looked up first', { kind: 'unknown', code: 'reseau.ECONNRESET' }, 'inconnu', 'reseau.ECONNRESET', true],
  ])('%s', (_, outcome, etat, errorCode, uncertain) => {
    const settled = settle(claimed, outcome, later(100));
    expect(settled).toMatchObject({ etat, errorCode, uncertainSince: uncertain ? at : null });
    if (etat === 'en_attente' || etat === 'inconnu') expect(settled.nextAttemptAt?.getTime()).toBeLessThanOrEqual(later(1_100).getTime());
  });

  test('a provider that failed is believed once its list agrees; one that did not answer only after a while', () => {
    expect(settle(claimed, { kind: 'failed', code: 'x' }, later(100)).resendAfter).toEqual(later(100));
    expect(settle(claimed, { kind: 'unknown', code: 'x' }, later(100))).not.toHaveProperty('resendAfter');
    expect(mayResend(claimed, later(14_999))).toBe(false);
    expect(mayResend(claimed, later(15_000))).toBe(true);
  });

  test('after 24 h it is given up, unless it was accepted', () => {
    const now = later(24 * hour);
    for (const kind of ['postponed', 'failed', 'unknown'] as const) expect(settle(claimed, { kind, code: 'x' }, now)).toMatchObject({ etat: 'echec', errorCode: 'delai_depasse' });
    expect(settle(claimed, { kind: 'accepted', sid: 'SM1' }, now).etat).toBe('envoye');
  });
});

describe('the wait before the next attempt', () => {
  test('begins at half to one second, doubles, ends at 5 min', () => {
    expect(retryDelayMs(1, 0, () => 0)).toBe(500);
    expect(retryDelayMs(1, 0, () => 1)).toBe(1_000);
    expect(retryDelayMs(4, 0, () => 1)).toBe(8_000);
    expect(retryDelayMs(50, 0, () => 1)).toBe(300_000);
  });

  test('is what the provider asks for, when that is longer, up to 5 min', () => {
    expect(retryDelayMs(1, 30_000)).toBe(30_000);
    expect(retryDelayMs(1, 3_600_000)).toBe(300_000);
  });
});

test('a delivery holds its key while it is on its way, and an hour from its sending', () => {
  expect(isPending({ etat: 'inconnu' })).toBe(true);
  expect(holdsKey({ modele: 'fiche_prete', etat: 'en_attente', createdAt: at, sentAt: null }, later(5 * hour))).toBe(true);
  expect(holdsKey({ modele: 'fiche_prete', etat: 'envoye', createdAt: at, sentAt: later(5 * hour) }, later(6 * hour - 1))).toBe(true);
  expect(holdsKey({ modele: 'fiche_prete', etat: 'envoye', createdAt: at, sentAt: later(5 * hour) }, later(6 * hour))).toBe(false);
  expect(holdsKey({ modele: 'fiche_prete', etat: 'echec', createdAt: at, sentAt: null }, later(hour - 1))).toBe(true);
  expect(holdsKey({ modele: 'fiche_prete', etat: 'echec', createdAt: at, sentAt: null }, later(hour))).toBe(false);
});

test('joining instructions hold theirs for 10 minutes', () => {
  const sent = { modele: 'onboarding' as const, etat: 'envoye' as const, createdAt: at, sentAt: at };
  expect(holdsKey(sent, later(600_000 - 1))).toBe(true);
  expect(holdsKey(sent, later(600_000))).toBe(false);
});

test('what is told late undoes nothing: that a message arrived is the last word', () => {
  expect(['envoye', 'echec', 'livre'].map((told) => isNews('envoye', told as Etat))).toEqual([false, true, true]);
  expect(['envoye', 'echec', 'livre'].map((told) => isNews('echec', told as Etat))).toEqual([false, false, true]);
  expect(['envoye', 'echec', 'livre'].map((told) => isNews('livre', told as Etat))).toEqual([false, false, false]);
});
