import { describe, expect, it } from '@jest/globals';
import { AnalyseFailedSchema } from '@mediai/contracts/ia/v1/events';
import { topics } from '@mediai/events';
import { randomUUID } from 'node:crypto';
import { J, useService } from './rpc.memory.ts';

const rig = useService();

describe('under an Idempotency-Key', () => {
  const rows = (id: number, action: string) => rig.sql<{ n: number }>(`SELECT count(*)::int AS n FROM audit WHERE objet_id = '${id}' AND action = '${action}' AND issue = 'ok'`).then(([row]) => row?.n);

  it.each([
    ['ValidateFiche', 'fiche.valider', (id: number, idempotencyKey: string) => rig.suite.client.validateFiche({ id }, { token: J.medecin, idempotencyKey })],
    ['RejectFiche', 'fiche.rejeter', (id: number, idempotencyKey: string) => rig.suite.client.rejectFiche({ id, commentaire: 'À compléter' }, { token: J.medecin, idempotencyKey })],
    ['RelancerFiche, while an analysis runs', 'fiche.relancer', (id: number, idempotencyKey: string) => rig.suite.client.relancerFiche({ id }, { token: J.medecin, idempotencyKey })],
    ['SendWhatsapp', 'fiche.envoyer', (id: number, idempotencyKey: string) => rig.suite.client.sendWhatsapp({ id, forceResend: true }, { token: J.medecin, idempotencyKey })],
    ['SendNotification', 'fiche.envoyer', (id: number, idempotencyKey: string) => rig.suite.client.sendNotification({ id, canal: 'sms' }, { token: J.medecin, idempotencyKey })],
  ])('%s has its effect once, answers the same again', async (_, action, appeler) => {
    const { id } = await rig.creer();
    const { id: autre } = await rig.creer();
    const cle = randomUUID();
    const premiere = await appeler(id, cle);
    expect(await appeler(id, cle)).toEqual(premiere);
    expect(await rows(id, action)).toBe(1);
    await expect(appeler(autre, cle)).rejects.toMatchObject({ kind: 'unprocessable', code: 'idempotence.autre_corps' });
  });

  it('a relaunch answers its first task, even after that analysis has ended', async () => {
    const { id } = await rig.creer();
    const idempotencyKey = randomUUID();
    const relancer = async () => (await rig.suite.client.relancerFiche({ id }, { token: J.medecin, idempotencyKey })).taskId;
    const taskId = await relancer();
    await rig.publier(topics.analyse.name, AnalyseFailedSchema, { analyseId: 601, ficheId: id, ficheVersion: 1, taskId, code: 'ia.aucune_voix_valide' });
    expect(await relancer()).toBe(taskId);
    expect((await rig.suite.client.getFiche({ id }, { token: J.medecin })).fiche?.status).toBe('analyse_terminee');
  });

  it('a message that failed is sent when it is asked for again', async () => {
    const { id } = await rig.creer();
    const idempotencyKey = randomUUID();
    const envoyer = () => rig.suite.client.sendWhatsapp({ id }, { token: J.medecin, idempotencyKey });
    rig.suite.peers.setAway(true);
    await expect(envoyer()).rejects.toMatchObject({ kind: 'unavailable' });
    rig.suite.peers.setAway(false);
    const avant = rig.suite.peers.envois.length;
    expect(await envoyer()).toMatchObject({ success: true });
    expect(await envoyer()).toMatchObject({ success: true });
    expect(rig.suite.peers.envois.length).toBe(avant + 1);
  });

  it('a creation is given again although its médecin is available no more', async () => {
    const idempotencyKey = randomUUID();
    const { id } = await rig.creer({}, { idempotencyKey, assignedMedecin: 2 });
    rig.suite.peers.setAway(true);
    expect(await rig.creer({}, { idempotencyKey, assignedMedecin: 2 })).toMatchObject({ id, replayed: true, assignedMedecin: 2 });
    rig.suite.peers.setAway(false);
  });

  it('a first answer is given again only to who may still open the fiche, and that is an opening', async () => {
    const { id } = await rig.creer();
    const idempotencyKey = randomUUID();
    const valider = () => rig.suite.client.validateFiche({ id }, { token: J.medecin, idempotencyKey });
    await valider();
    await valider();
    expect(await rig.sql(`SELECT action FROM audit WHERE objet_id = '${id}' AND acteur_id = 2 ORDER BY id`)).toEqual([{ action: 'fiche.valider' }, { action: 'fiche.lire' }]);
    await rig.sql(`UPDATE fiche_consultation SET assigned_medecin = 3 WHERE id = ${id} RETURNING id`);
    await expect(valider()).rejects.toMatchObject({ code: 'acces.motif_requis' });
  });
});

describe('If-Match', () => {
  const ecritures: [string, (id: number, versionAttendue: number) => Promise<unknown>][] = [
    ['UpdateFiche', (id, versionAttendue) => rig.suite.client.updateFiche({ id, fiche: { pouls: 91 }, versionAttendue }, { token: J.medecin })],
    ['EditDiagnostic', (id, versionAttendue) => rig.suite.client.editDiagnostic({ id, textes: { diagnostic: 'A' }, versionAttendue }, { token: J.medecin })],
    ['ValidateFiche', (id, versionAttendue) => rig.suite.client.validateFiche({ id, versionAttendue }, { token: J.medecin })],
    ['RejectFiche', (id, versionAttendue) => rig.suite.client.rejectFiche({ id, commentaire: 'Non', versionAttendue }, { token: J.medecin })],
    ['RelancerFiche', (id, versionAttendue) => rig.suite.client.relancerFiche({ id, versionAttendue }, { token: J.medecin })],
    ['DeleteFiche', (id, versionAttendue) => rig.suite.client.deleteFiche({ id, versionAttendue }, { token: J.patiente })],
  ];
  it.each(ecritures)('%s is refused for a version that is past, and done for the present one', async (_, ecrire) => {
    const { id } = await rig.creer();
    await rig.suite.client.updateFiche({ id, fiche: { pouls: 90 } }, { token: J.patiente });
    await expect(ecrire(id, 1)).rejects.toMatchObject({ kind: 'stale', code: 'fiche.version_perimee' });
    await expect(ecrire(id, 2)).resolves.toBeDefined();
  });
});
