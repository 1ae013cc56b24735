import { beforeAll, describe, expect, it } from '@jest/globals';
import { fixedClock } from '@mediai/testing';
import { randomBytes } from 'node:crypto';
import { createMemoryJournal } from '../../acces/journal.memory.ts';
import { useDatabase } from '../../database.memory.ts';
import { medecin } from '../../fiche/fixtures.memory.ts';
import { createMemoryVerifications } from './verification-store.memory.ts';
import { createVerificationStore } from './verification-store.ts';
import type { IdempotenceRevocation, Verification, VerificationStore } from './verification.ts';

const clock = fixedClock('2026-11-24T08:15:30+02:00');
const database = useDatabase();

const acte = { acteur: medecin, action: 'fiche.revoquer_documents' };
const nouvelle = (plus: Partial<Verification> = {}): Omit<Verification, 'revoqueLe'> => ({ ficheId: 1, etablissementId: 1, vue: 'patient', sel: randomBytes(16), jetonHash: randomBytes(32), empreinte: Buffer.alloc(32, 7), emisLe: clock.now(), ...plus });
const cle = (mot: string, corps = 'a'): IdempotenceRevocation => ({ acteurId: 2, route: 'RevokeVerifications', cle: mot, corps: Buffer.from(corps), ecrire: (revoques) => Buffer.from(`${revoques}`) });
const enMots = (une: Verification | undefined) => une && { ...une, sel: Buffer.from(une.sel).toString('hex'), jetonHash: Buffer.from(une.jetonHash).toString('hex'), empreinte: Buffer.from(une.empreinte).toString('hex') };

describe.each([
  ['in memory', (): VerificationStore => createMemoryVerifications(createMemoryJournal({ clock: clock.now }))],
  ['in PostgreSQL', (): VerificationStore => createVerificationStore(database.db, { secret: 'a secret of tests only' })],
])('printed documents %s', (_, ouvrir) => {
  let store: VerificationStore;
  beforeAll(() => {
    store = ouvrir();
  });

  it('keeps one row of a content of a fiche, whoever asks at the same time', async () => {
    const rivales = await Promise.all(Array.from({ length: 8 }, () => store.obtenir(nouvelle())));
    expect(new Set(rivales.map((une) => enMots(une)!.jetonHash)).size).toBe(1);
    const premiere = rivales[0]!;
    expect(premiere).toMatchObject({ ficheId: 1, etablissementId: 1, vue: 'patient', emisLe: clock.now(), revoqueLe: null });
    expect(enMots(await store.trouver(premiere.jetonHash))).toEqual(enMots(premiere));
    expect(enMots(await store.obtenir(nouvelle({ emisLe: new Date(0) })))).toEqual(enMots(premiere));
    expect(await store.trouver(randomBytes(32))).toBeUndefined();
  });

  it('tells contents and fiches apart', async () => {
    const autres = [await store.obtenir(nouvelle({ empreinte: Buffer.alloc(32, 8), vue: 'medecin' })), await store.obtenir(nouvelle({ ficheId: 2 }))];
    expect(autres.map(({ ficheId, vue }) => [ficheId, vue])).toEqual([[1, 'medecin'], [2, 'patient']]);
  });

  it('revokes those of one fiche, once under a key, and a content printed again gets a new row', async () => {
    const [une, autre] = [await store.obtenir(nouvelle({ ficheId: 31 })), await store.obtenir(nouvelle({ ficheId: 32 }))];
    await store.obtenir(nouvelle({ ficheId: 31, empreinte: Buffer.alloc(32, 9) }));
    const fiche = { id: 31, etablissement_id: 1 };
    expect(await store.revoquer(fiche, clock.now(), acte, cle('k1'))).toEqual({ revoques: 2 });
    const rejouee = (await store.revoquer(fiche, clock.now(), acte, cle('k1'))) as { rejouee: Uint8Array };
    expect(Buffer.from(rejouee.rejouee).toString()).toBe('2');
    await expect(store.revoquer(fiche, clock.now(), acte, cle('k1', 'b'))).rejects.toMatchObject({ kind: 'unprocessable' });
    expect((await store.trouver(une.jetonHash))?.revoqueLe).toEqual(clock.now());
    expect((await store.trouver(autre.jetonHash))?.revoqueLe).toBeNull();
    const nouveau = await store.obtenir(nouvelle({ ficheId: 31 }));
    expect(enMots(nouveau)!.jetonHash).not.toBe(enMots(une)!.jetonHash);
    expect(await store.revoquer(fiche, clock.now(), acte, undefined)).toEqual({ revoques: 1 });
    expect(await store.revoquer(fiche, clock.now(), acte, undefined)).toEqual({ revoques: 0 });
  });
});

it('a revocation leaves its audit row, in its transaction', async () => {
  const rows = await database.db.audit.findMany({ where: { objet_id: '31' }, select: { acteur_id: true, action: true } });
  expect(rows).toEqual(Array.from({ length: 3 }, () => ({ acteur_id: 2, action: 'fiche.revoquer_documents' })));
});
