import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { create, fromBinary } from '@bufbuild/protobuf';
import { FicheStateSchema } from '@mediai/contracts/consultation/v1/events';
import { DeliveryChangedSchema } from '@mediai/contracts/notifications/v1/events';
import { UserChangedSchema } from '@mediai/contracts/auth/v1/events';
import { projectFiche, projectUser } from '@mediai/events';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { createAnnonceStore, type AnnonceStore } from './annonce/annonce-store.ts';
import { annoncesOfAppointment, annonceOfFiche, type AppointmentChange } from './annonce/annonce.ts';
import { openDatabase, type Database } from './database-store.ts';
import { createDeliveryStore, type DeliveryStore } from './delivery/delivery-store.ts';
import type { ClaimedDelivery, NewDelivery } from './delivery/delivery.ts';
import { wanted } from './delivery/wanted.memory.ts';
import { createMemoryStores } from './stores.memory.ts';
import { createOppositionStore, type OppositionStore } from './webhook/opposition-store.ts';
import { createWebhookStore, type CreateOptions, type Portee, type WebhookStore } from './webhook/webhook-store.ts';
import type { NewWebhook, Webhook } from './webhook/webhook.ts';

type Stores = {
  deliveries: DeliveryStore;
  annonces: AnnonceStore;
  webhooks: WebhookStore;
  oppositions: OppositionStore;
  /** As the events of consultation and auth would have it known. */
  know: (fiche: { id: number; numeroDossier: string; assignedMedecinId: number | null }, user: { id: number; nom: string }) => Promise<void>;
};

const timing = { leaseMs: 10_000, graceMs: 15_000 };
const hour = 3_600_000;
const systeme = { acteurId: null, acteurRole: 'service' };
let count = 0;
/** Every test works on a day of its own, so that what one left due is not due to another. */
let at = new Date('2026-03-02T08:00:00Z');
const later = (ms: number): Date => new Date(at.getTime() + ms);

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

    test('a call repeated under its key is answered with the first delivery, whatever holds the delivery\'s key by then', async () => {
      const appel = (corps: string) => ({ acteurId: 7, route: 'SendOnboarding', cle: 'k-appel', corps: Buffer.from(corps) });
      const [first, other] = [appel('a'), appel('b')];
      expect(await stores.deliveries.findAnswered(first)).toBeUndefined();
      const { delivery } = await stores.deliveries.open(wanted(), { now: at, demandeur: systeme, idempotence: first });
      expect(await stores.deliveries.findAnswered(first)).toBe(delivery.id);
      await expect(stores.deliveries.findAnswered(other)).rejects.toMatchObject({ kind: 'unprocessable' });
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

  describe('a state that the provider tells', () => {
    const sent = async (changes: Partial<NewDelivery> = {}): Promise<{ id: number; sid: string }> => {
      const { delivery } = await open(changes);
      const sid = `SM-${randomUUID()}`;
      await stores.deliveries.settle(await claim(delivery.id), { etat: 'envoye', messageSid: sid, sentAt: at, errorCode: null, uncertainSince: null }, at);
      return { id: delivery.id, sid };
    };
    const follow = (sid: string, etat: 'envoye' | 'livre' | 'echec', etablissementId: number | null = null) => stores.deliveries.follow(sid, { etat, errorCode: etat === 'echec' ? 'twilio.1' : null }, { now: later(1_000), etablissementId });

    test('is taken forwards only, at once or late', async () => {
      const { id, sid } = await sent();
      await Promise.all([follow(sid, 'livre'), follow(sid, 'envoye'), follow(sid, 'livre')]);
      expect(await follow(sid, 'echec')).toMatchObject({ userId: 4, etablissementId: 1 });
      expect(await stores.deliveries.find(id)).toMatchObject({ etat: 'livre', errorCode: null });
    });

    test('of failure is kept with its code; of an unknown message or another établissement it is nobody\'s', async () => {
      const { id, sid } = await sent();
      expect(await follow(sid, 'echec', 2)).toBeUndefined();
      expect(await follow('SM-none', 'livre')).toBeUndefined();
      await follow(sid, 'echec', 1);
      expect(await stores.deliveries.find(id)).toMatchObject({ etat: 'echec', errorCode: 'twilio.1' });
    });

    test('messages of a kind to a phone are counted', async () => {
      const telephone = '+243810009999';
      await open({ modele: 'onboarding', canal: 'sms', telephone });
      await open({ modele: 'fiche_prete', telephone });
      expect(await stores.deliveries.countSince('onboarding', telephone, at)).toBe(1);
      expect(await stores.deliveries.countSince('onboarding', telephone, later(1))).toBe(0);
    });
  });

  test('an opposition is of a phone and a channel, and can be taken back', async () => {
    const phone = '+243810008888';
    for (let time = 0; time < 2; time += 1) await stores.oppositions.note(phone, 'sms', 'arret', at);
    expect([await stores.oppositions.has(phone, 'sms'), await stores.oppositions.has(phone, 'whatsapp')]).toEqual([true, false]);
    for (let time = 0; time < 2; time += 1) await stores.oppositions.note(phone, 'sms', 'reprise', at);
    expect(await stores.oppositions.has(phone, 'sms')).toBe(false);
  });

  describe('events of the provider', () => {
    const nouveau = (changes: Partial<NewWebhook> = {}): NewWebhook => {
      const externalId = `SM${randomUUID()}`;
      return { eventType: 'whatsapp_incoming', externalId, senderPhone: `+24381${String(++count).padStart(7, '0')}`, recipientPhone: '+14155238886', content: 'Bonjour', rawPayload: { Body: 'Bonjour', MessageSid: externalId }, ...changes };
    };
    const ours = async (taken: NewWebhook, now = at): Promise<Webhook | undefined> => (await stores.webhooks.claimDue(now, 100, 30_000)).find(({ externalId }) => externalId === taken.externalId);
    const taken = async (changes: Partial<NewWebhook> = {}): Promise<Webhook> => {
      const one = nouveau(changes);
      await stores.webhooks.take(one, at);
      return (await ours(one)) as Webhook;
    };
    const admin = (changes: Partial<CreateOptions> = {}): CreateOptions => ({ now: at, demandeur: { acteurId: 8, acteurRole: 'admin' }, acteurId: 8, etablissementId: 21, exiger: () => undefined, idempotence: undefined, ...changes });
    const page = { page: 1, pageSize: 20 };
    const all = { status: undefined, eventType: undefined };
    const ids = async (portee: Portee, filtre: Parameters<WebhookStore['list']>[1] = all): Promise<number[]> => (await stores.webhooks.list(portee, filtre, page)).webhooks.map(({ id }) => id);

    test('are kept once, however often and at once they are told', async () => {
      const one = nouveau();
      const answers = await Promise.all(Array.from({ length: 6 }, () => stores.webhooks.take(one, at)));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await ours(one)).toMatchObject({ ...one, processingStatus: 'pending', attempts: 1, etablissementId: null, createdBy: null, receivedAt: at });
      const told = nouveau({ eventType: 'sms_status', content: 'sent' });
      expect([await stores.webhooks.take(told, at), await stores.webhooks.take({ ...told, content: 'delivered' }, at), await stores.webhooks.take(told, at)]).toEqual([true, true, false]);
    });

    test('are taken by one, come back when their lease ends; a late writer changes nothing', async () => {
      const one = nouveau();
      await stores.webhooks.take(one, at);
      const claims = await Promise.all([stores.webhooks.claimDue(at, 100, 30_000), stores.webhooks.claimDue(at, 100, 30_000)]);
      const [first] = claims.flat().filter(({ externalId }) => externalId === one.externalId);
      expect(claims.flat().filter(({ externalId }) => externalId === one.externalId)).toHaveLength(1);
      const second = await ours(one, later(30_000));
      expect(second).toMatchObject({ attempts: 2 });
      await stores.webhooks.finish(first!, { status: 'ignored', error: 'x' }, at);
      expect(await stores.webhooks.find(first!.id)).toMatchObject({ processingStatus: 'pending' });
      await stores.webhooks.finish(second!, { status: 'processed', error: null, relatedFicheId: 12, relatedUserId: 4, createdMessageId: 7, etablissementId: 1 }, later(31_000));
      expect(await stores.webhooks.find(first!.id)).toMatchObject({ processingStatus: 'processed', relatedFicheId: 12, relatedUserId: 4, createdMessageId: 7, etablissementId: 1, processedAt: later(31_000) });
      await stores.webhooks.postpone(second!, { status: 'failed', error: 'y', until: at }, at);
      expect(await ours(one, later(hour))).toBeUndefined();
    });

    test('put off wait; those of one phone come one after the other, but never behind one that fails again and again', async () => {
      const senderPhone = '+243899999999';
      const [one, two] = [nouveau({ senderPhone }), nouveau({ senderPhone })];
      for (const each of [one, two]) await stores.webhooks.take(each, at);
      const first = await ours(one);
      expect(await ours(two)).toBeUndefined();
      await stores.webhooks.postpone(first!, { status: 'failed', error: 'service.indisponible', until: later(hour) }, at);
      expect(await stores.webhooks.find(first!.id)).toMatchObject({ processingStatus: 'failed', processingError: 'service.indisponible', processedAt: at });
      expect(await ours(two)).toBeUndefined();
      for (let time = 1; time < 5; time += 1) await stores.webhooks.postpone((await ours(one, later(time * hour)))!, { status: 'failed', error: 'x', until: later((time + 1) * hour) }, at);
      expect(await ours(two)).toMatchObject({ attempts: 1 });
      await stores.webhooks.finish((await ours(one, later(5 * hour)))!, { status: 'ignored', error: null }, at);
      await stores.webhooks.finish({ ...(await stores.webhooks.find(first!.id + 1))! }, { status: 'ignored', error: null }, at);
    });

    test('written by an admin are the établissement\'s; one that was there is answered, and taken again when it had failed', async () => {
      const one = nouveau();
      const first = await stores.webhooks.create(one, admin());
      expect(first).toMatchObject({ replayed: false, webhook: { ...one, etablissementId: 21, createdBy: 8, processingStatus: 'pending' } });
      const claimed = await ours(one);
      await stores.webhooks.finish(claimed!, { status: 'ignored', error: 'telephone.inconnu' }, at);
      expect(await stores.webhooks.create(one, admin())).toMatchObject({ replayed: true, webhook: { id: claimed!.id, processingStatus: 'pending', processingError: null } });
      await stores.webhooks.finish((await ours(one))!, { status: 'processed', error: null }, at);
      expect(await stores.webhooks.create(one, admin())).toMatchObject({ replayed: true, webhook: { processingStatus: 'processed' } });
      const refuse = (): never => { throw new Error('refused'); };
      await expect(stores.webhooks.create(one, admin({ exiger: refuse }))).rejects.toThrow('refused');
    });

    test('under a key are written once, and answered as the first time', async () => {
      const cle = randomUUID();
      const idempotence = (corps: string) => ({ acteurId: 8, route: 'CreateWebhookEvent', cle, corps: Buffer.from(corps), ecrire: ({ webhook }: { webhook: Webhook }) => Buffer.from(String(webhook.id)) });
      const first = await stores.webhooks.create(nouveau(), admin({ idempotence: idempotence('a') }));
      const id = 'webhook' in first ? first.webhook.id : 0;
      const again = await stores.webhooks.create(nouveau(), admin({ idempotence: idempotence('a') }));
      expect('rejouee' in again && Buffer.from(again.rejouee).toString()).toBe(String(id));
      await expect(stores.webhooks.create(nouveau(), admin({ idempotence: idempotence('b') }))).rejects.toMatchObject({ kind: 'unprocessable' });
    });

    test('are listed to whom they may be shown, newest first, by status and type, with names', async () => {
      await stores.know({ id: 901, numeroDossier: 'CONS-20261128-901', assignedMedecinId: null }, { id: 91, nom: 'Mwamba Kalonji' });
      await stores.know({ id: 902, numeroDossier: 'CONS-20261128-902', assignedMedecinId: 9 }, { id: 92, nom: 'Kabibi Tshilombo' });
      const end = async (changes: Partial<NewWebhook>, fin: { relatedFicheId?: number; relatedUserId?: number; etablissementId?: number }) => {
        const one = await taken(changes);
        await stores.webhooks.finish(one, { status: 'processed', error: null, ...fin }, at);
        return one.id;
      };
      const free = await end({}, { relatedFicheId: 901, relatedUserId: 91, etablissementId: 31 });
      const assigned = await end({ eventType: 'sms_incoming' }, { relatedFicheId: 902, relatedUserId: 92, etablissementId: 31 });
      const unknown = await end({}, { relatedFicheId: 903, etablissementId: 31 });
      const ofUser = await end({ eventType: 'whatsapp_status', content: 'delivered' }, { relatedUserId: 91, etablissementId: 31 });
      const nobodys = await end({}, {});
      const ici = { etablissementId: 31, avecSansEtablissement: false, medecinId: null };
      expect(await ids(ici)).toEqual([ofUser, unknown, assigned, free]);
      expect(await ids({ ...ici, avecSansEtablissement: true })).toEqual(expect.arrayContaining([nobodys, free]));
      expect(await ids({ ...ici, medecinId: 9 })).toEqual([assigned, free]);
      expect(await ids({ ...ici, medecinId: 10 })).toEqual([free]);
      expect(await ids({ ...ici, etablissementId: 32 })).toEqual([]);
      expect(await ids(ici, { status: 'processed', eventType: 'sms_incoming' })).toEqual([assigned]);
      expect(await ids(ici, { status: 'failed', eventType: undefined })).toEqual([]);
      const second = await stores.webhooks.list(ici, all, { page: 2, pageSize: 2 });
      expect([second.webhooks.map(({ id }) => id), second.count, second.countExact]).toEqual([[assigned, free], 4, true]);
      expect(await stores.webhooks.find(free)).toMatchObject({ relatedUserName: 'Mwamba Kalonji', relatedFicheNumber: 'CONS-20261128-901' });
      expect(await stores.webhooks.find(2_147_483_647)).toBeUndefined();
    });

    test('of a user who is forgotten keep neither text nor phones', async () => {
      const one = await taken();
      await stores.webhooks.finish(one, { status: 'processed', error: null, relatedUserId: 4_041 }, at);
      await stores.webhooks.forget(4_041);
      expect(await stores.webhooks.find(one.id)).toMatchObject({ content: '', rawPayload: {}, senderPhone: '', recipientPhone: '', relatedUserId: 4_041, processingStatus: 'processed' });
    });

    test('past their time keep neither text nor phones, and still count once', async () => {
      const one = nouveau({ senderPhone: '+243877777777' });
      await stores.webhooks.take(one, new Date('2020-01-01T00:00:00Z'));
      expect(await stores.webhooks.purge(new Date('2020-01-01T00:00:01Z'), 10)).toBe(1);
      expect(await stores.webhooks.purge(new Date('2020-01-01T00:00:01Z'), 10)).toBe(0);
      expect(await stores.webhooks.take(one, at)).toBe(false);
      const seen = await stores.webhooks.create(one, admin());
      expect('webhook' in seen && seen.webhook).toMatchObject({ content: '', rawPayload: {}, senderPhone: '', recipientPhone: '' });
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
  contract(async () => {
    const stores = createMemoryStores();
    return {
      ...stores,
      know: async ({ id, ...fiche }, user) => {
        stores.fiches.set(id, { ...fiche, deleted: false });
        stores.users.set(user.id, user.nom);
      },
    };
  });
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

  contract(async () => ({
    deliveries: createDeliveryStore(database.db, () => undefined, 'secret'),
    annonces: createAnnonceStore(database.db, () => undefined),
    webhooks: createWebhookStore(database.db, 'secret'),
    oppositions: createOppositionStore(database.db),
    know: async ({ id, numeroDossier, assignedMedecinId }, user) => {
      await projectFiche(database.db, create(FicheStateSchema, { id, numeroDossier, assignedMedecinId: assignedMedecinId ?? undefined, etablissementId: 31, status: 'en_analyse', version: 1 }));
      const [firstName, lastName] = user.nom.split(' ');
      await projectUser(database.db, create(UserChangedSchema, { id: user.id, username: `u${user.id}`, firstName, lastName, role: 'patient', isActive: true, etablissementId: 31, version: 1 }));
    },
  }));

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
