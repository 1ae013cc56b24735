import { describe, expect, it } from '@jest/globals';
import { EtablissementChangedSchema, UserChangedSchema } from '@mediai/contracts/auth/v1/events';
import { Vue } from '@mediai/contracts/consultation/v1/fiche';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { HealthService } from '@mediai/contracts/health/v1/health_service';
import { AnalyseCompletedSchema, AnalyseFailedSchema } from '@mediai/contracts/ia/v1/events';
import { topics } from '@mediai/events';
import { connect } from '@mediai/kit/grpc';
import { randomUUID } from 'node:crypto';
import { openDatabase } from './database-store.ts';
import { createLireAttente } from './fiche/attente-store.ts';
import { patiente } from './fiche/fixtures.memory.ts';
import { createConsultationMetrics } from './metrics.ts';
import { J, useService } from './rpc.memory.ts';
import { createRpc } from './rpc.ts';
import { idRevoque, jeton } from './service.memory.ts';

const rig = useService();

describe('over gRPC', () => {
  it('a patient creates a fiche with no broker to be reached, and reads the fixed orientation', async () => {
    const fiche = await rig.creer();
    expect(fiche).toMatchObject({ status: 'en_analyse', vue: Vue.PATIENT, user: 1, version: 1, nom: 'Kabongo' });
    expect(fiche.numeroDossier).toMatch(/^CONS-\d{8}-\d{3}$/);
    expect(fiche.orientation).toBeTruthy();
    expect(fiche.signesAlerte).toEqual([]);
    expect(fiche.urgenceRegles).toBeUndefined();
    const { fiche: vueMedecin } = await rig.suite.client.getFiche({ id: fiche.id }, { token: J.medecin });
    expect(vueMedecin).toMatchObject({ vue: Vue.MEDECIN, urgenceRegles: expect.any(String), triageVersion: expect.any(String) });
  });

  it('without a token, or with a broken one, nothing is answered', async () => {
    await expect(rig.suite.client.getFiche({ id: 1 }, {})).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(rig.suite.client.getFiche({ id: 1 }, { token: `${J.patiente}x` })).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(rig.suite.client.getFiche({ id: 1 }, { token: jeton({ ...patiente, id: idRevoque }) })).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('refusals name their fields in French', async () => {
    await expect(rig.creer({ temperature: 55 })).rejects.toMatchObject({ kind: 'invalid', fields: { temperature: [expect.stringContaining('25 et 45')] } });
    await expect(rig.suite.client.createFiche({}, { token: J.patiente })).rejects.toMatchObject({ kind: 'invalid', fields: expect.objectContaining({ nom: ['« Nom » est obligatoire.'] }) });
  });

  it('an idempotency key makes one fiche, in parallel as well, and refuses another body', async () => {
    const idempotencyKey = randomUUID();
    const premiere = await rig.creer({}, { idempotencyKey });
    const seconde = await rig.creer({}, { idempotencyKey });
    expect(seconde).toMatchObject({ id: premiere.id, replayed: true });
    await expect(rig.creer({ pouls: 77 }, { idempotencyKey })).rejects.toMatchObject({ kind: 'unprocessable' });

    const cle = randomUUID();
    const issues = await Promise.allSettled(Array.from({ length: 6 }, () => rig.creer({}, { idempotencyKey: cle })));
    const ids = issues.flatMap((issue) => (issue.status === 'fulfilled' ? [issue.value.id] : []));
    expect(new Set(ids).size).toBe(1);
    for (const issue of issues) if (issue.status === 'rejected') expect(issue.reason).toMatchObject({ code: 'idempotence.en_cours' });
  });

  it('a replayed validation or rejection gives its first answer', async () => {
    const { id } = await rig.creer();
    const idempotencyKey = randomUUID();
    const appel = () => rig.suite.client.rejectFiche({ id, commentaire: 'La tension manque.' }, { token: J.medecin, idempotencyKey });
    const premiere = await appel();
    expect((await appel()).fiche?.version).toBe(premiere.fiche?.version);
  });

  it('every other one is refused as the contract says', async () => {
    const { id } = await rig.creer({}, { assignedMedecin: 2 });
    const lire = (token: string, accessReason?: string) => rig.suite.client.getFiche({ id }, { token, accessReason });
    await expect(lire(J.autre)).rejects.toMatchObject({ kind: 'not_found', code: 'fiche.introuvable' });
    await expect(lire(J.ailleurs)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(lire(J.enAttente)).rejects.toMatchObject({ kind: 'forbidden', code: 'compte.en_attente' });
    await expect(lire(J.confrere)).rejects.toMatchObject({ kind: 'forbidden', code: 'acces.motif_requis' });
    await expect(lire(J.ia)).rejects.toMatchObject({ kind: 'forbidden' });
    expect((await lire(J.confrere, 'Garde de nuit, très fiévreuse')).fiche?.id).toBe(id);
    expect((await lire(J.confrere)).fiche?.id).toBe(id);
    expect(await rig.sql(`SELECT acteur_id, raison FROM audit WHERE action = 'fiche.acces_motive' AND objet_id = '${id}'`)).toEqual([{ acteur_id: 3, raison: 'Garde de nuit, très fiévreuse' }]);
    expect((await rig.suite.client.getAccesFiche({ id }, { token: J.medecin }))).toMatchObject({ userId: 1, assignedMedecinId: 2, status: 'en_analyse', publishedAnalyseIds: [] });
    await expect(rig.suite.client.validateFiche({ id: 1_999_999 }, { token: J.patiente })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('lists pages, filters and searches', async () => {
    const { id } = await rig.creer({ nom: 'Zébulonne', motif_consultation: 'Démangeaisons' }, { token: J.autre });
    const chercher = async (search: string) => (await rig.suite.client.listFiches({ search, page: 1, pageSize: 20 }, { token: J.medecin })).fiches.map((fiche) => fiche.id);
    expect(await chercher('zebulonne')).toEqual([id]);
    expect(await chercher('ZÉBU demang')).toEqual([id]);
    expect(await chercher('%')).not.toEqual([]);
    expect((await rig.suite.client.listFiches({ status: ['\0'] }, { token: J.medecin })).fiches).toEqual([]);
    expect((await rig.suite.client.listFiches({ urgence: ['rouge\0'] }, { token: J.medecin })).fiches).toEqual([]);
    const page = await rig.suite.client.listFiches({ page: 1, pageSize: 2, ordering: '-urgence' }, { token: J.admin });
    expect(page.fiches).toHaveLength(2);
    expect(page.countExact).toBe(true);
    expect((await rig.suite.client.listFiches({}, { token: J.autre })).fiches.map((fiche) => fiche.id)).toEqual([id]);
    await expect(rig.suite.client.listFiches({ page: 101, pageSize: 100 }, { token: J.medecin })).rejects.toMatchObject({ code: 'pagination.trop_profonde' });
  });

  it('what is asked for in thousands is no fault of the service, nor a flood for another one', async () => {
    const { id } = await rig.creer();
    const o = { token: J.medecin };
    const mots = Array.from({ length: 70_000 }, (_, i) => `s${i}`);
    for (const filtre of [{ status: mots }, { urgence: mots }]) expect(await rig.suite.client.listFiches(filtre, o)).toMatchObject({ fiches: [], count: 0 });
    const partout = { status: Array<string>(100_000).fill('en_analyse'), urgence: [...mots, 'rouge', 'orange', 'jaune', 'vert'], page: -1, pageSize: 2_147_483_647 };
    expect((await rig.suite.client.listFiches(partout, o)).fiches.map((fiche) => fiche.id)).toContain(id);
    await rig.suite.client.listFiches({ search: 'x'.repeat(1_000_000) }, o);
    rig.suite.peers.asked.length = 0;
    await expect(rig.suite.client.validateFiche({ id, analyses: mots.map((_, i) => i) }, o)).rejects.toMatchObject({ fields: { analyses: [expect.any(String)] } });
    expect(rig.suite.peers.asked).toEqual([]);
    await expect(rig.suite.client.getAccesFiche({ ids: mots.map((_, i) => i) }, o)).rejects.toMatchObject({ kind: 'invalid' });
    expect(await rig.suite.client.getAccesFiche({ ids: [id, -1, 2_147_483_647] }, o)).toMatchObject({ ids: [id], publishedAnalyseIds: [] });
  });

  it('concurrent validations and rejections of many fiches each have one winner', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, async () => (await rig.creer()).id));
    for (const id of ids) {
      const issues = await Promise.allSettled([
        rig.suite.client.validateFiche({ id }, { token: J.medecin }),
        rig.suite.client.rejectFiche({ id, commentaire: 'À compléter' }, { token: J.confrere }),
      ]);
      expect(issues.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const perdant = issues.find((issue) => issue.status === 'rejected');
      expect(['fiche.conflit', 'fiche.etat_invalide']).toContain(perdant?.status === 'rejected' && perdant.reason.code);
    }
  });

  it('of two writers of one version one is told that it is stale', async () => {
    const { id } = await rig.creer();
    const issues = await Promise.allSettled(['A', 'B'].map((diagnostic) => rig.suite.client.editDiagnostic({ id, textes: { diagnostic }, versionAttendue: 1 }, { token: J.medecin })));
    expect(issues.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(issues.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'stale', code: 'fiche.version_perimee' } });
  });

  it('ia reads the clinical content without identity, and nobody else does', async () => {
    const { id } = await rig.creer();
    const { lignes, iaPermise, version } = await rig.suite.client.getFicheClinique({ id }, { token: J.ia });
    expect({ iaPermise, version }).toEqual({ iaPermise: true, version: 1 });
    expect(lignes.map(({ champ }) => champ)).toEqual(expect.arrayContaining(['age', 'temperature', 'motif_consultation']));
    expect(JSON.stringify(lignes)).not.toContain('Kabongo');
    for (const token of [J.medecin, J.notifications, J.patiente]) await expect(rig.suite.client.getFicheClinique({ id }, { token })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('WhatsApp goes through notifications, and its absence is a 503', async () => {
    const { id } = await rig.creer();
    expect(await rig.suite.client.sendWhatsapp({ id }, { token: J.medecin })).toMatchObject({ success: true, messageSid: 'SM1', status: 'envoye' });
    expect(rig.suite.peers.envois.at(-1)).toMatchObject({ canal: 'whatsapp', modele: 'fiche_prete', ficheId: id, etablissementId: 1 });
    expect(await rig.suite.client.sendNotification({ id, canal: 'sms', forceResend: true }, { token: J.medecin })).toMatchObject({ messageSid: 'SM2', status: 'envoye', detail: 'Message envoyé.' });
    expect(rig.suite.peers.envois.at(-1)).toMatchObject({ canal: 'sms', modele: 'fiche_prete', ficheId: id, forceResend: true });
    await expect(rig.suite.client.sendNotification({ id, canal: 'fax' }, { token: J.medecin })).rejects.toMatchObject({ fields: { method: [expect.any(String)] } });
    await expect(rig.suite.client.sendNotification({ id, canal: 'fax' }, { token: J.patiente })).rejects.toMatchObject({ kind: 'forbidden' });
    rig.suite.peers.setAway(true);
    await expect(rig.suite.client.sendWhatsapp({ id }, { token: J.medecin })).rejects.toMatchObject({ kind: 'unavailable' });
    rig.suite.peers.setAway(false);
  });

  it('a médecin unknown here yet is asked of auth once; while auth is away the fiche is saved unassigned', async () => {
    expect((await rig.creer({}, { assignedMedecin: 2 })).assignedMedecin).toBe(2);
    await expect(rig.creer({}, { assignedMedecin: 77 })).rejects.toMatchObject({ fields: { assigned_medecin: [expect.any(String)] } });
    rig.suite.peers.setAway(true);
    expect((await rig.creer({}, { assignedMedecin: 2 })).assignedMedecin).toBeUndefined();
    rig.suite.peers.setAway(false);
  });

  it('says of its parts: the database is there, the broker is not', async () => {
    const health = connect(HealthService, { address: `127.0.0.1:${rig.suite.port}` });
    expect((await health.getChecks({})).checks).toEqual({ database: 'ok', schema: 'ok', kafka: 'degraded', redis: 'ok' });
    health.close();
  });
});

describe('over events', () => {
  it('a redelivered AnalyseCompleted changes the fiche once', async () => {
    const { id } = await rig.creer();
    const taskId = await rig.tache(id);
    rig.suite.peers.analyses.set(501, { id: 501, ficheId: id, etat: 'terminee', synthese: 'SIMULATION. Synthèse.', urgenceIa: 'orange' });
    const fin = { analyseId: 501, ficheId: id, ficheVersion: 1, taskId };
    const eventId = await rig.publier(topics.analyse.name, AnalyseCompletedSchema, fin);
    const apres = (await rig.suite.client.getFiche({ id }, { token: J.medecin })).fiche!;
    expect(apres).toMatchObject({ status: 'analyse_terminee', diagnosticIa: 'SIMULATION. Synthèse.', urgenceIa: 'orange', version: 2 });
    await rig.publier(topics.analyse.name, AnalyseCompletedSchema, fin, eventId);
    expect((await rig.suite.client.getFiche({ id }, { token: J.medecin })).fiche).toEqual(apres);
    expect(await rig.sql(`SELECT type FROM outbox WHERE key = '${id}' ORDER BY id`)).toEqual([{ type: 'mediai.consultation.v1.FicheCreated' }, { type: 'mediai.consultation.v1.FicheAnalysed' }]);
    expect((await rig.suite.client.getFiche({ id }, { token: J.patiente })).fiche?.diagnosticIa).toBeUndefined();
    await rig.suite.client.validateFiche({ id }, { token: J.medecin });
    expect((await rig.suite.client.getFiche({ id }, { token: J.patiente })).fiche?.diagnosticIa).toBe('SIMULATION. Synthèse.');
    expect((await rig.suite.client.getAccesFiche({ id }, { token: J.patiente })).publishedAnalyseIds).toEqual([501]);
  });

  it('waits for ia while it is away', async () => {
    const { id } = await rig.creer();
    rig.suite.peers.analyses.set(502, { id: 502, ficheId: id, etat: 'terminee', synthese: 'Attendue', urgenceIa: null });
    rig.suite.peers.setAway(true);
    setTimeout(() => rig.suite.peers.setAway(false), 300);
    await rig.publier(topics.analyse.name, AnalyseCompletedSchema, { analyseId: 502, ficheId: id, ficheVersion: 1, taskId: await rig.tache(id) });
    expect((await rig.suite.client.getFiche({ id }, { token: J.medecin })).fiche?.diagnosticIa).toBe('Attendue');
  });

  it('a failed analysis leaves a fiche that can be validated', async () => {
    const { id } = await rig.creer();
    await rig.publier(topics.analyse.name, AnalyseFailedSchema, { analyseId: 503, ficheId: id, ficheVersion: 1, taskId: await rig.tache(id), code: 'analyse.aucune_voix' });
    expect((await rig.suite.client.getFiche({ id }, { token: J.medecin })).fiche).toMatchObject({ status: 'analyse_terminee', analyseEchec: { code: 'analyse.aucune_voix' } });
    expect((await rig.suite.client.validateFiche({ id }, { token: J.medecin })).fiche?.status).toBe('valide_medecin');
  });

  it("auth's users and établissements are projected, a newer version never lost to an older one", async () => {
    const user = { id: 88, username: 'dr', role: 'medecin', isActive: true, approuve: true, isAvailable: true, etablissementId: 1, version: 2 };
    await rig.publier(topics.user.name, UserChangedSchema, user);
    await rig.publier(topics.user.name, UserChangedSchema, { ...user, approuve: false, version: 1 });
    rig.suite.peers.asked.length = 0;
    expect((await rig.creer({}, { assignedMedecin: 88 })).assignedMedecin).toBe(88);
    expect(rig.suite.peers.asked).toEqual([]);

    const etablissement = { id: 2, nom: 'Clinique', telephoneUrgence: '+243820000999', fuseau: 'Africa/Lubumbashi', consentementIa: 'explicite', version: 3 };
    await rig.publier(topics.etablissement.name, EtablissementChangedSchema, etablissement);
    await rig.publier(topics.etablissement.name, EtablissementChangedSchema, { ...etablissement, consentementIa: 'presume', version: 2 });
    expect(await rig.sql('SELECT nom, consentement_ia, version FROM etablissement_projection WHERE id = 2')).toEqual([{ nom: 'Clinique', consentement_ia: 'explicite', version: 3 }]);
    const fiche = await rig.creer({ spo2: 80 }, { token: J.ailleurs });
    expect(fiche.orientation).toContain('+243820000999');
    expect((await rig.suite.client.getFicheClinique({ id: fiche.id }, { token: J.ia })).iaPermise).toBe(false);
  });
});

it('a canary patient is found in no log line, no span, no metric and no event', async () => {
  const canari = { nom: 'Canarialogue', prenom: 'Serinette', telephone: '+243999111222', motif_consultation: 'Canaritose aiguë', contact_nom: 'Volièrine' };
  const { id } = await rig.creer(canari);
  await rig.suite.client.editDiagnostic({ id, textes: { diagnostic: 'Canaritose confirmée' } }, { token: J.medecin });
  await rig.suite.client.sendWhatsapp({ id }, { token: J.medecin });
  await rig.suite.client.listFiches({ search: 'Canarialogue' }, { token: J.medecin });
  await expect(rig.creer({ ...canari, temperature: 99 })).rejects.toThrow();
  await rig.suite.client.validateFiche({ id }, { token: J.medecin });
  const traces = rig.spans.getFinishedSpans();
  expect(traces.some(({ name }) => name.includes('FicheService/CreateFiche'))).toBe(true);
  const evenements = await rig.sql<{ texte: string }>("SELECT string_agg(encode(payload, 'escape'), '') AS texte FROM outbox");
  const audit = await rig.sql<{ texte: string }>("SELECT string_agg(concat_ws(' ', action, objet_id, raison), '') AS texte FROM audit");
  const vus = [rig.suite.lines.join(), JSON.stringify(traces.map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))), (await rig.suite.metrics.expose('application/openmetrics-text')).body, evenements[0]?.texte, audit[0]?.texte].join();
  for (const mot of ['Canarialogue', 'Serinette', '999111222', 'Canaritose', 'Voli']) expect(vus).not.toContain(mot);
});

it('the wait of a fiche is told once, when a médecin first decides on it', async () => {
  const compte = async () => Number(/^fiche_wait_seconds_count\{.*\} (\d+)$/m.exec((await rig.suite.metrics.expose()).body)?.[1]);
  const avant = await compte();
  const { id } = await rig.creer();
  await rig.suite.client.editDiagnostic({ id, textes: { diagnostic: 'Paludisme' } }, { token: J.medecin });
  expect(await compte()).toBe(avant);
  await rig.suite.client.rejectFiche({ id, commentaire: 'Précisez.' }, { token: J.medecin });
  expect(await compte()).toBe(avant + 1);
  await rig.suite.client.updateFiche({ id, fiche: { pouls: 88 } }, { token: J.patiente });
  await rig.suite.client.validateFiche({ id }, { token: J.medecin });
  expect(await compte()).toBe(avant + 1);
});

it('fiches that wait for a médecin are told by their state, and no others', async () => {
  const { db, close } = openDatabase(rig.suite.base.appUrl);
  const metrics = createConsultationMetrics();
  await createLireAttente(db, metrics)();
  await close();
  const lignes = await rig.sql<{ status: string; fiches: number }>("SELECT status, count(*)::int AS fiches FROM fiche_consultation WHERE deleted_at IS NULL GROUP BY status");
  const attendues = ['en_analyse', 'analyse_terminee'].map((status) => `fiches_waiting{status="${status}",service="consultation"} ${lignes.find((ligne) => ligne.status === status)?.fiches ?? 0}`);
  expect((await metrics.expose()).body.split('\n').filter((ligne) => ligne.startsWith('fiches_waiting'))).toEqual(attendues);
});

it('every method of FicheService is served', () => {
  const [fiches] = createRpc(rig.suite.deps.useCases, rig.suite.deps.checks);
  expect(Object.keys(fiches!.handlers).sort()).toEqual(FicheService.methods.map(({ localName }) => localName).sort());
});
