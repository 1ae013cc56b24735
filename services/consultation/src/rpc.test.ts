import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { EtablissementChangedSchema, UserChangedSchema } from '@mediai/contracts/auth/v1/events';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { Vue } from '@mediai/contracts/consultation/v1/fiche';
import { HealthService } from '@mediai/contracts/health/v1/health_service';
import { AnalyseCompletedSchema, AnalyseFailedSchema } from '@mediai/contracts/ia/v1/events';
import { versFicheInput } from '@mediai/fiche';
import { createMemoryBus, topics } from '@mediai/events';
import { toBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { sqlExecutor } from '@mediai/db';
import { withClient } from '@mediai/db/admin';
import { connect } from '@mediai/kit/grpc';
import { startTelemetry, type Telemetry } from '@mediai/kit/telemetry';
import { createInstrumentations } from './deps.ts';
import { admin, ailleurs, autrePatient, confrere, enAttente, medecin, patiente, saisie, service } from './fiche/fixtures.memory.ts';
import { createRpc } from './rpc.ts';
import { idRevoque, jeton, startService } from './service.memory.ts';

let suite: Awaited<ReturnType<typeof startService>>;
let telemetry: Telemetry;
const spans = new InMemorySpanExporter();
const bus = createMemoryBus();
let consumer: ReturnType<typeof bus.createConsumer>;
const J = { patiente: jeton(patiente), autre: jeton(autrePatient), medecin: jeton(medecin), confrere: jeton(confrere), enAttente: jeton(enAttente), admin: jeton(admin), ailleurs: jeton(ailleurs), ia: jeton(service('ia')), notifications: jeton(service('notifications')) };

beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'consultation', exporter: spans, instrumentations: createInstrumentations() });
  suite = await startService();
  consumer = bus.createConsumer({ groupId: 'consultation', topics: Object.values(topics).map(({ name }) => name), ...suite.deps.consumed, log: suite.log, metrics: suite.metrics, firstRetryMs: 1 });
  consumer.start();
});
afterAll(async () => {
  await consumer.stop();
  await suite.close();
  await telemetry.shutdown();
});

const creer = async (mots: Record<string, unknown> = {}, options: { token?: string; idempotencyKey?: string; assignedMedecin?: number } = {}) => {
  const { token = J.patiente, idempotencyKey, assignedMedecin } = options;
  const { fiche, replayed } = await suite.client.createFiche({ fiche: versFicheInput(saisie(mots)) as never, assignedMedecin }, { token, idempotencyKey });
  return { ...fiche!, replayed };
};

/** Puts an event on the bus, again where an id is given, and waits until it is taken. */
async function publier<S extends DescMessage>(topic: string, schema: S, init: MessageInitShape<S>, id: string = randomUUID()): Promise<string> {
  const headers = { ce_specversion: '1.0', ce_id: id, ce_type: schema.typeName, ce_time: new Date().toISOString(), ce_source: '/test', ce_subject: '1' };
  await bus.producer.send([{ topic, key: '1', value: toBinary(schema, create(schema, init)), headers }]);
  await bus.settled();
  return id;
}

const tache = async (id: number) => (await suite.client.relancerFiche({ id }, { token: J.admin })).taskId;
const sql = <T>(texte: string): Promise<T[]> => withClient(suite.base.ownerUrl, (client) => Promise.resolve(sqlExecutor(client).$queryRawUnsafe<T[]>(texte)));

describe('over gRPC', () => {
  it('a patient creates a fiche with no broker to be reached, and reads the fixed orientation', async () => {
    const fiche = await creer();
    expect(fiche).toMatchObject({ status: 'en_analyse', vue: Vue.PATIENT, user: 1, version: 1, nom: 'Kabongo' });
    expect(fiche.numeroDossier).toMatch(/^CONS-\d{8}-\d{3}$/);
    expect(fiche.orientation).toBeTruthy();
    expect(fiche.signesAlerte).toEqual([]);
    expect(fiche.urgenceRegles).toBeUndefined();
    const { fiche: vueMedecin } = await suite.client.getFiche({ id: fiche.id }, { token: J.medecin });
    expect(vueMedecin).toMatchObject({ vue: Vue.MEDECIN, urgenceRegles: expect.any(String), triageVersion: expect.any(String) });
  });

  it('without a token, or with a broken one, nothing is answered', async () => {
    await expect(suite.client.getFiche({ id: 1 }, {})).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(suite.client.getFiche({ id: 1 }, { token: `${J.patiente}x` })).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(suite.client.getFiche({ id: 1 }, { token: jeton({ ...patiente, id: idRevoque }) })).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('refusals name their fields in French', async () => {
    await expect(creer({ temperature: 55 })).rejects.toMatchObject({ kind: 'invalid', fields: { temperature: [expect.stringContaining('25 et 45')] } });
    await expect(suite.client.createFiche({}, { token: J.patiente })).rejects.toMatchObject({ kind: 'invalid', fields: expect.objectContaining({ nom: ['Ce champ est obligatoire.'] }) });
  });

  it('an idempotency key makes one fiche, in parallel as well, and refuses another body', async () => {
    const idempotencyKey = randomUUID();
    const premiere = await creer({}, { idempotencyKey });
    const seconde = await creer({}, { idempotencyKey });
    expect(seconde).toMatchObject({ id: premiere.id, replayed: true });
    await expect(creer({ pouls: 77 }, { idempotencyKey })).rejects.toMatchObject({ kind: 'unprocessable' });

    const cle = randomUUID();
    const issues = await Promise.allSettled(Array.from({ length: 6 }, () => creer({}, { idempotencyKey: cle })));
    const ids = issues.flatMap((issue) => (issue.status === 'fulfilled' ? [issue.value.id] : []));
    expect(new Set(ids).size).toBe(1);
    for (const issue of issues) if (issue.status === 'rejected') expect(issue.reason).toMatchObject({ code: 'idempotence.en_cours' });
  });

  it('a replayed validation or rejection gives its first answer', async () => {
    const { id } = await creer();
    const idempotencyKey = randomUUID();
    const appel = () => suite.client.rejectFiche({ id, commentaire: 'La tension manque.' }, { token: J.medecin, idempotencyKey });
    const premiere = await appel();
    expect((await appel()).fiche?.version).toBe(premiere.fiche?.version);
  });

  it('every other one is refused as the contract says', async () => {
    const { id } = await creer({}, { assignedMedecin: 2 });
    const lire = (token: string, accessReason?: string) => suite.client.getFiche({ id }, { token, accessReason });
    await expect(lire(J.autre)).rejects.toMatchObject({ kind: 'not_found', code: 'fiche.introuvable' });
    await expect(lire(J.ailleurs)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(lire(J.enAttente)).rejects.toMatchObject({ kind: 'forbidden', code: 'compte.en_attente' });
    await expect(lire(J.confrere)).rejects.toMatchObject({ kind: 'forbidden', code: 'acces.motif_requis' });
    await expect(lire(J.ia)).rejects.toMatchObject({ kind: 'forbidden' });
    expect((await lire(J.confrere, 'Garde de nuit, très fiévreuse')).fiche?.id).toBe(id);
    expect((await lire(J.confrere)).fiche?.id).toBe(id);
    expect(await sql(`SELECT acteur_id, raison FROM audit WHERE action = 'fiche.acces_motive' AND objet_id = '${id}'`)).toEqual([{ acteur_id: 3, raison: 'Garde de nuit, très fiévreuse' }]);
    expect((await suite.client.getAccesFiche({ id }, { token: J.medecin }))).toMatchObject({ userId: 1, assignedMedecinId: 2, status: 'en_analyse', publishedAnalyseIds: [] });
    await expect(suite.client.validateFiche({ id: 1_999_999 }, { token: J.patiente })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('lists pages, filters and searches', async () => {
    const { id } = await creer({ nom: 'Zébulonne', motif_consultation: 'Démangeaisons' }, { token: J.autre });
    const chercher = async (search: string) => (await suite.client.listFiches({ search, page: 1, pageSize: 20 }, { token: J.medecin })).fiches.map((fiche) => fiche.id);
    expect(await chercher('zebulonne')).toEqual([id]);
    expect(await chercher('ZÉBU demang')).toEqual([id]);
    expect(await chercher('%')).not.toEqual([]);
    expect((await suite.client.listFiches({ status: ['\0'] }, { token: J.medecin })).fiches).toEqual([]);
    expect((await suite.client.listFiches({ urgence: ['rouge\0'] }, { token: J.medecin })).fiches).toEqual([]);
    const page = await suite.client.listFiches({ page: 1, pageSize: 2, ordering: '-urgence' }, { token: J.admin });
    expect(page.fiches).toHaveLength(2);
    expect(page.countExact).toBe(true);
    expect((await suite.client.listFiches({}, { token: J.autre })).fiches.map((fiche) => fiche.id)).toEqual([id]);
    await expect(suite.client.listFiches({ page: 101, pageSize: 100 }, { token: J.medecin })).rejects.toMatchObject({ code: 'pagination.trop_profonde' });
  });

  it('concurrent validations and rejections of many fiches each have one winner', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, async () => (await creer()).id));
    for (const id of ids) {
      const issues = await Promise.allSettled([
        suite.client.validateFiche({ id }, { token: J.medecin }),
        suite.client.rejectFiche({ id, commentaire: 'À compléter' }, { token: J.confrere }),
      ]);
      expect(issues.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const perdant = issues.find((issue) => issue.status === 'rejected');
      expect(['fiche.conflit', 'fiche.etat_invalide']).toContain(perdant?.status === 'rejected' && perdant.reason.code);
    }
  });

  it('of two writers of one version one is told that it is stale', async () => {
    const { id } = await creer();
    const issues = await Promise.allSettled(['A', 'B'].map((diagnostic) => suite.client.editDiagnostic({ id, textes: { diagnostic }, versionAttendue: 1 }, { token: J.medecin })));
    expect(issues.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(issues.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'stale', code: 'fiche.version_perimee' } });
  });

  it('ia reads the clinical content without identity, and nobody else does', async () => {
    const { id } = await creer();
    const { lignes, iaPermise, version } = await suite.client.getFicheClinique({ id }, { token: J.ia });
    expect({ iaPermise, version }).toEqual({ iaPermise: true, version: 1 });
    expect(lignes.map(({ champ }) => champ)).toEqual(expect.arrayContaining(['age', 'temperature', 'motif_consultation']));
    expect(JSON.stringify(lignes)).not.toContain('Kabongo');
    for (const token of [J.medecin, J.notifications, J.patiente]) await expect(suite.client.getFicheClinique({ id }, { token })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('WhatsApp goes through notifications with the key that services are given, and its absence is a 503', async () => {
    const { id } = await creer();
    expect(await suite.client.sendWhatsapp({ id }, { token: J.medecin })).toMatchObject({ success: true, messageSid: 'SM1', status: 'envoye' });
    const { contenuCle, telephone } = await suite.client.getDestinataire({ ficheId: id }, { token: J.notifications });
    expect(suite.peers.envois.at(-1)).toMatchObject({ cle: `fiche:${id}:${contenuCle}`, telephone });
    suite.peers.setAway(true);
    await expect(suite.client.sendWhatsapp({ id }, { token: J.medecin })).rejects.toMatchObject({ kind: 'unavailable' });
    suite.peers.setAway(false);
  });

  it('a médecin unknown here yet is asked of auth once; while auth is away the fiche is saved unassigned', async () => {
    expect((await creer({}, { assignedMedecin: 2 })).assignedMedecin).toBe(2);
    await expect(creer({}, { assignedMedecin: 77 })).rejects.toMatchObject({ fields: { assigned_medecin: [expect.any(String)] } });
    suite.peers.setAway(true);
    expect((await creer({}, { assignedMedecin: 2 })).assignedMedecin).toBeUndefined();
    suite.peers.setAway(false);
  });

  it('says of its parts: the database is there, the broker is not', async () => {
    const health = connect(HealthService, { address: `127.0.0.1:${suite.port}` });
    expect((await health.getChecks({})).checks).toEqual({ database: 'ok', kafka: 'degraded' });
    health.close();
  });
});

describe('over events', () => {
  it('a redelivered AnalyseCompleted changes the fiche once', async () => {
    const { id } = await creer();
    const taskId = await tache(id);
    suite.peers.analyses.set(501, { id: 501, ficheId: id, etat: 'terminee', synthese: 'SIMULATION. Synthèse.', urgenceIa: 'orange' });
    const fin = { analyseId: 501, ficheId: id, ficheVersion: 1, taskId };
    const eventId = await publier(topics.analyse.name, AnalyseCompletedSchema, fin);
    const apres = (await suite.client.getFiche({ id }, { token: J.medecin })).fiche!;
    expect(apres).toMatchObject({ status: 'analyse_terminee', diagnosticIa: 'SIMULATION. Synthèse.', urgenceIa: 'orange', version: 2 });
    await publier(topics.analyse.name, AnalyseCompletedSchema, fin, eventId);
    expect((await suite.client.getFiche({ id }, { token: J.medecin })).fiche).toEqual(apres);
    expect(await sql(`SELECT type FROM outbox WHERE key = '${id}' ORDER BY id`)).toEqual([{ type: 'mediai.consultation.v1.FicheCreated' }, { type: 'mediai.consultation.v1.FicheAnalysed' }]);
    expect((await suite.client.getFiche({ id }, { token: J.patiente })).fiche?.diagnosticIa).toBeUndefined();
    await suite.client.validateFiche({ id }, { token: J.medecin });
    expect((await suite.client.getFiche({ id }, { token: J.patiente })).fiche?.diagnosticIa).toBe('SIMULATION. Synthèse.');
    expect((await suite.client.getAccesFiche({ id }, { token: J.patiente })).publishedAnalyseIds).toEqual([501]);
  });

  it('waits for ia while it is away', async () => {
    const { id } = await creer();
    suite.peers.analyses.set(502, { id: 502, ficheId: id, etat: 'terminee', synthese: 'Attendue', urgenceIa: null });
    suite.peers.setAway(true);
    setTimeout(() => suite.peers.setAway(false), 300);
    await publier(topics.analyse.name, AnalyseCompletedSchema, { analyseId: 502, ficheId: id, ficheVersion: 1, taskId: await tache(id) });
    expect((await suite.client.getFiche({ id }, { token: J.medecin })).fiche?.diagnosticIa).toBe('Attendue');
  });

  it('a failed analysis leaves a fiche that can be validated', async () => {
    const { id } = await creer();
    await publier(topics.analyse.name, AnalyseFailedSchema, { analyseId: 503, ficheId: id, ficheVersion: 1, taskId: await tache(id), code: 'analyse.aucune_voix' });
    expect((await suite.client.getFiche({ id }, { token: J.medecin })).fiche).toMatchObject({ status: 'analyse_terminee', analyseEchec: { code: 'analyse.aucune_voix' } });
    expect((await suite.client.validateFiche({ id }, { token: J.medecin })).fiche?.status).toBe('valide_medecin');
  });

  it("auth's users and établissements are projected, a newer version never lost to an older one", async () => {
    const user = { id: 88, username: 'dr', role: 'medecin', isActive: true, approuve: true, isAvailable: true, etablissementId: 1, version: 2 };
    await publier(topics.user.name, UserChangedSchema, user);
    await publier(topics.user.name, UserChangedSchema, { ...user, approuve: false, version: 1 });
    suite.peers.asked.length = 0;
    expect((await creer({}, { assignedMedecin: 88 })).assignedMedecin).toBe(88);
    expect(suite.peers.asked).toEqual([]);

    const etablissement = { id: 2, nom: 'Clinique', telephoneUrgence: '+243820000999', fuseau: 'Africa/Lubumbashi', consentementIa: 'explicite', version: 3 };
    await publier(topics.etablissement.name, EtablissementChangedSchema, etablissement);
    await publier(topics.etablissement.name, EtablissementChangedSchema, { ...etablissement, consentementIa: 'presume', version: 2 });
    const fiche = await creer({ spo2: 80 }, { token: J.ailleurs });
    expect(fiche.orientation).toContain('+243820000999');
    expect((await suite.client.getFicheClinique({ id: fiche.id }, { token: J.ia })).iaPermise).toBe(false);
  });
});

it('a canary patient is found in no log line, no span, no metric and no event', async () => {
  const canari = { nom: 'Canarialogue', prenom: 'Serinette', telephone: '+243999111222', motif_consultation: 'Canaritose aiguë', contact_nom: 'Volièrine' };
  const { id } = await creer(canari);
  await suite.client.editDiagnostic({ id, textes: { diagnostic: 'Canaritose confirmée' } }, { token: J.medecin });
  await suite.client.sendWhatsapp({ id }, { token: J.medecin });
  await suite.client.listFiches({ search: 'Canarialogue' }, { token: J.medecin });
  await expect(creer({ ...canari, temperature: 99 })).rejects.toThrow();
  await suite.client.validateFiche({ id }, { token: J.medecin });
  const traces = spans.getFinishedSpans();
  expect(traces.some(({ name }) => name.includes('FicheService/CreateFiche'))).toBe(true);
  const evenements = await sql<{ texte: string }>("SELECT string_agg(encode(payload, 'escape'), '') AS texte FROM outbox");
  const audit = await sql<{ texte: string }>("SELECT string_agg(concat_ws(' ', action, objet_id, raison), '') AS texte FROM audit");
  const vus = [suite.lines.join(), JSON.stringify(traces.map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))), await suite.metrics.registry.metrics(), evenements[0]?.texte, audit[0]?.texte].join();
  for (const mot of ['Canarialogue', 'Serinette', '999111222', 'Canaritose', 'Voli']) expect(vus).not.toContain(mot);
});

it('every method of FicheService is served', () => {
  const [fiches] = createRpc(suite.deps.useCases, suite.deps.checks);
  expect(Object.keys(fiches!.handlers).sort()).toEqual(FicheService.methods.map(({ localName }) => localName).sort());
});
