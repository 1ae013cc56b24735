import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { create, fromBinary } from '@bufbuild/protobuf';
import { FicheStateSchema } from '@mediai/contracts/consultation/v1/events';
import { DeliveryChangedSchema } from '@mediai/contracts/notifications/v1/events';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { createAnnonceStore, type AnnonceStore } from './annonce/annonce-store.ts';
import { annoncesOfAppointment, annonceOfFiche, type AppointmentChange } from './annonce/annonce.ts';
import { openDatabase, type Database } from './database-store.ts';
import { createDeliveryStore, type DeliveryStore } from './delivery/delivery-store.ts';
import type { ClaimedDelivery, NewDelivery } from './delivery/delivery.ts';
import { createMemoryStores } from './stores.memory.ts';

type Stores = { deliveries: DeliveryStore; annonces: AnnonceStore };

const timing = { leaseMs: 10_000, graceMs: 15_000 };
const hour = 3_600_000;
const systeme = { acteurId: null, acteurRole: 'service' };
let count = 0;
/** Every test works on a day of its own, so that what one left due is not due to another. */
let at = new Date('2026-03-02T08:00:00Z');
const later = (ms: number): Date => new Date(at.getTime() + ms);

function wanted(changes: Partial<NewDelivery> = {}): NewDelivery {
  return {
    cle: `fiche:${++count}:abc`, canal: 'whatsapp', modele: 'fiche_prete', telephone: '+243810000001', userId: 4, prenom: 'Amani', numeroDossier: 'CONS-20260302-001', ficheId: count,
    appointmentId: null, appointmentVersion: null, debut: null, fuseau: 'Africa/Lubumbashi', etablissementId: 1, ...changes,
  };
}

function contract(openStores: () => Promise<Stores>): void {
  let stores: Stores;

  beforeAll(async () => {
    stores = await openStores();
  });

  const open = async (changes: Partial<NewDelivery> = {}, force = false) => stores.deliveries.open(wanted(changes), { now: at, demandeur: systeme, force });
  const claim = async (id: number, now = at): Promise<ClaimedDelivery> => {
    const claimed = await stores.deliveries.claim(id, now, timing);
    if (!claimed) throw new Error('not claimed');
    return claimed;
  };

  describe('deliveries', () => {
    test('of concurrent sends with one key one creates it, and all get it', async () => {
      const parameters = wanted();
      const opened = await Promise.all(Array.from({ length: 6 }, () => stores.deliveries.open(parameters, { now: at, demandeur: systeme })));
      expect(opened.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(opened.map(({ delivery }) => delivery.id)).size).toBe(1);
      expect(opened[0]?.delivery).toMatchObject({ ...parameters, etat: 'en_attente', attempts: 0, createdAt: at });
    });

    test('a key is held for an hour from the sending, by an établissement of its own, and not against force', async () => {
      const { delivery } = await open({ cle: 'meme', etablissementId: 11 });
      expect((await open({ cle: 'meme', etablissementId: 12 })).created).toBe(true);
      await stores.deliveries.settle(await claim(delivery.id), { etat: 'envoye', messageSid: `SM-hour-${randomUUID()}`, sentAt: later(1_000), errorCode: null, uncertainSince: null }, later(1_000));
      const reopen = (ms: number, force = false) => stores.deliveries.open(wanted({ cle: 'meme', etablissementId: 11 }), { now: later(ms), demandeur: systeme, force });
      expect((await reopen(hour)).created).toBe(false);
      expect((await stores.deliveries.findByKey(11, 'meme', later(hour)))?.id).toBe(delivery.id);
      expect(await stores.deliveries.findByKey(11, 'meme', later(hour + 1_000))).toBeUndefined();
      expect((await reopen(hour + 1_000)).created).toBe(true);
      const forced = await reopen(hour + 2_000, true);
      expect(forced.created).toBe(true);
      expect((await reopen(hour + 3_000)).delivery.id).toBe(forced.delivery.id);
    });

    test('two workers at once never get the same', async () => {
      at = later(86_400_000);
      const ids = (await Promise.all(Array.from({ length: 8 }, () => open()))).map(({ delivery }) => delivery.id);
      const claims = await Promise.all([stores.deliveries.claimDue(at, 5, timing), stores.deliveries.claimDue(at, 5, timing)]);
      const rest = await stores.deliveries.claimDue(at, 100, timing);
      const all = [...claims.flat(), ...rest].map(({ id }) => id);
      expect(new Set(all).size).toBe(all.length);
      expect(all).toEqual(expect.arrayContaining(ids));
      expect(await stores.deliveries.claimDue(at, 100, timing)).toEqual([]);
      expect(claims[0]?.[0]).toMatchObject({ etat: 'en_cours', attempts: 1, mustReconcile: false, uncertainSince: at, leaseUntil: later(10_000), resendAfter: later(15_000) });
    });

    test('whose lease ran out is taken again, to be looked up; the late one writes nothing', async () => {
      const { delivery } = await open();
      const first = await claim(delivery.id);
      expect(await stores.deliveries.claim(delivery.id, later(9_999), timing)).toBeUndefined();
      const second = await claim(delivery.id, later(10_000));
      expect(second).toMatchObject({ attempts: 2, mustReconcile: true, uncertainSince: at, resendAfter: later(15_000) });
      expect(await stores.deliveries.renew(first, later(10_500), timing)).toBeUndefined();
      expect(await stores.deliveries.settle(first, { etat: 'echec', errorCode: 'x', uncertainSince: null }, later(11_000))).toBe(false);
      expect(await stores.deliveries.renew(second, later(16_000), timing)).toMatchObject({ leaseUntil: later(26_000), resendAfter: later(31_000) });
      expect(await stores.deliveries.settle(second, { etat: 'envoye', messageSid: 'SM-late', sentAt: later(17_000), errorCode: null, uncertainSince: null, resendAfter: null }, later(17_000))).toBe(true);
      expect(await stores.deliveries.find(delivery.id)).toMatchObject({ etat: 'envoye', messageSid: 'SM-late', sentAt: later(17_000), leaseUntil: null, uncertainSince: null });
      expect(await stores.deliveries.claim(delivery.id, later(hour), timing)).toBeUndefined();
    });

    test('no two have one SID', async () => {
      const [a, b] = [await open(), await open()];
      const sent = { etat: 'envoye' as const, messageSid: 'SM-one', sentAt: at, errorCode: null, uncertainSince: null };
      expect(await stores.deliveries.settle(await claim(a.delivery.id), sent, at)).toBe(true);
      expect(await stores.deliveries.settle(await claim(b.delivery.id), sent, at)).toBe(false);
      expect(await stores.deliveries.knownSids(['SM-one', 'SM-none'])).toEqual(new Set(['SM-one']));
      expect((await stores.deliveries.find(b.delivery.id))?.etat).toBe('en_cours');
    });
  });

  describe('announcements', () => {
    const change: AppointmentChange = { id: 0, patientId: 4, medecinId: 9, etablissementId: 1, status: 'confirmed', debut: new Date('2026-11-24T12:30:00Z'), version: 2, kind: 'confirmed', parUserId: null };
    const takeAppointment = (changes: Partial<AppointmentChange>, eventId: string = randomUUID()) => {
      const changed = { ...change, ...changes };
      return stores.annonces.takeAppointment(eventId, changed, annoncesOfAppointment(changed), at);
    };
    const claimOf = async (appointmentId: number) => (await stores.annonces.claimDue(at, 100, 30_000)).find((annonce) => annonce.appointmentId === appointmentId);

    test('an event delivered again announces nothing more', async () => {
      const eventId = randomUUID();
      const fiche = create(FicheStateSchema, { id: 501, numeroDossier: 'CONS-20260302-001', etablissementId: 1, status: 'valide_medecin', version: 3 });
      const take = () => stores.annonces.takeFiche(eventId, fiche, [annonceOfFiche(fiche)], at);
      expect((await Promise.all([take(), take(), take()])).filter(Boolean)).toHaveLength(1);
      expect((await stores.annonces.claimDue(at, 100, 30_000)).filter(({ ficheId }) => ficheId === 501)).toEqual([expect.objectContaining({ modele: 'fiche_prete', attempts: 1, userId: null })]);
    });

    test('are taken by one, come back when their lease ends or when postponed, and end', async () => {
      await takeAppointment({ id: 601 });
      const annonce = await claimOf(601);
      expect(annonce).toMatchObject({ modele: 'appointment_confirme', userId: 4, appointmentVersion: 2, debut: change.debut });
      expect(await claimOf(601)).toBeUndefined();
      const id = annonce?.id ?? 0;
      await stores.annonces.postpone(id, at);
      expect(await claimOf(601)).toMatchObject({ id, attempts: 2 });
      await stores.annonces.finish(id, 'sans_telephone');
      await stores.annonces.postpone(id, at);
      expect(await claimOf(601)).toBeUndefined();
    });

    test('become one delivery, once', async () => {
      await takeAppointment({ id: 602 });
      const id = (await claimOf(602))?.id ?? 0;
      const delivery = wanted({ cle: 'appointment:602', ficheId: null, appointmentId: 602, appointmentVersion: 2 });
      expect(await stores.deliveries.openFromAnnonce(delivery, id, at)).toBe(true);
      expect(await stores.deliveries.openFromAnnonce(delivery, id, at)).toBe(false);
      expect(await stores.deliveries.findByKey(1, 'appointment:602', at)).toMatchObject({ appointmentId: 602, etat: 'en_attente' });
    });

    test('of an older version end with a newer one, and so do messages that certainly were not sent', async () => {
      await takeAppointment({ id: 603 });
      const waiting = await claimOf(603);
      const { delivery } = await open({ ficheId: null, appointmentId: 603, appointmentVersion: 2 });
      const { delivery: sending } = await open({ ficheId: null, appointmentId: 603, appointmentVersion: 2 });
      await claim(sending.id);
      await takeAppointment({ id: 603, version: 3, status: 'cancelled', kind: 'cancelled', parUserId: 9 });
      expect(await stores.deliveries.openFromAnnonce(wanted(), waiting?.id ?? 0, at)).toBe(false);
      expect(await stores.deliveries.find(delivery.id)).toMatchObject({ etat: 'echec', errorCode: 'remplace' });
      expect((await stores.deliveries.find(sending.id))?.etat).toBe('en_cours');
      expect(await claimOf(603)).toMatchObject({ modele: 'appointment_annule', appointmentVersion: 3 });
    });
  });
}

describe('in memory', () => {
  contract(async () => createMemoryStores());
});

describe('in PostgreSQL', () => {
  let test_: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test_ = await createTestDatabase('notifications');
    database = openDatabase(test_.appUrl);
  });
  afterAll(async () => {
    await database.close();
    await test_.drop();
  });

  contract(async () => ({ deliveries: createDeliveryStore(database.db, () => undefined), annonces: createAnnonceStore(database.db, () => undefined) }));

  test('every change of state left its event, and sends their audit lines; neither tells whom', async () => {
    const [row] = await database.db.delivery.findMany({ where: { message_sid: 'SM-late' } });
    const events = await database.db.outbox.findMany({ where: { topic: 'mediai.notifications.delivery.v1', key: String(row?.id) }, orderBy: { id: 'asc' } });
    expect(events.map(({ payload }) => fromBinary(DeliveryChangedSchema, payload as Uint8Array).etat)).toEqual(['en_attente', 'en_cours', 'en_cours', 'envoye']);
    const lines = await database.db.audit.findMany({ where: { objet_type: 'delivery', objet_id: String(row?.id) }, orderBy: { id: 'asc' } });
    expect(lines.map(({ action, issue, raison }) => [action, issue, raison])).toEqual([['delivery.demander', 'ok', 'fiche_prete'], ['delivery.envoyer', 'ok', null]]);
    const all = JSON.stringify([await database.db.audit.findMany(), await database.db.outbox.findMany()], (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : typeof value === 'bigint' ? Number(value) : value));
    expect(all).not.toMatch(/810000001|Amani/);
  });

  test('the application may not change an audit line', async () => {
    await expect(database.db.$executeRawUnsafe("UPDATE audit SET issue = 'x'")).rejects.toThrow();
  });
});
