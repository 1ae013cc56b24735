import { describe, expect, it } from '@jest/globals';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { AnalyseCompletedSchema } from '@mediai/contracts/ia/v1/events';
import { topics } from '@mediai/events';
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { J, useService } from './rpc.memory.ts';

const rig = useService();

describe('the openings of a dossier', () => {
  it('are told to its patient with names, the unknown ones asked of auth at once, and without them while it is away', async () => {
    const { id } = await rig.creer({}, { assignedMedecin: 2 });
    await rig.suite.client.getFiche({ id }, { token: J.confrere, accessReason: 'Garde de nuit', requestId: 'req-acces', adresse: '41.243.0.9' });
    await rig.suite.client.getAccesFiche({ id, ouverture: true }, { token: J.medecin });
    await rig.suite.client.getFiche({ id }, { token: J.patiente });
    const lister = () => rig.suite.client.listAccesFiche({ id, page: 1, pageSize: 20 }, { token: J.patiente });
    rig.suite.peers.asked.length = 0;
    const { acces, count, countExact } = await lister();
    expect(acces.map(({ acteurId, acteurUsername, acteurNom, acteurRole, action, raison }) => [acteurId, acteurUsername, acteurNom, acteurRole, action, raison])).toEqual([
      [2, 'medecin.2', 'Jean Ilunga', 'medecin', 'fiche.ouvrir', undefined],
      [3, 'medecin.3', 'Jean Ilunga', 'medecin', 'fiche.lire', 'Garde de nuit'],
      [3, 'medecin.3', 'Jean Ilunga', 'medecin', 'fiche.acces_motive', 'Garde de nuit'],
    ]);
    expect({ count, countExact, asked: rig.suite.peers.asked }).toEqual({ count: 3, countExact: true, asked: ['getUsers'] });
    expect(acces.every(({ le }) => le !== undefined)).toBe(true);
    expect(await rig.sql(`SELECT adresse, request_id, etablissement_id FROM audit WHERE objet_id = '${id}' AND acteur_id = 3 AND action = 'fiche.lire'`)).toEqual([{ adresse: '41.243.0.9', request_id: 'req-acces', etablissement_id: 1 }]);
    rig.suite.peers.setAway(true);
    expect((await lister()).acces).toMatchObject([{ acteurId: 2, acteurUsername: '' }, {}, {}]);
    rig.suite.peers.setAway(false);
    for (const [token, kind] of [[J.medecin, 'forbidden'], [J.confrere, 'forbidden'], [J.enAttente, 'forbidden'], [J.ia, 'forbidden'], [J.autre, 'not_found']] as const) {
      await expect(rig.suite.client.listAccesFiche({ id }, { token })).rejects.toMatchObject({ kind });
    }
    expect((await rig.suite.client.listAccesFiche({ id }, { token: J.admin })).acces[0]).toMatchObject({ acteurId: 5, acteurRole: 'admin', action: 'fiche.lister_acces' });
  });

  it('cost as many queries for one as for twenty', async () => {
    const { id } = await rig.creer();
    const requetes = async () => {
      rig.spans.reset();
      await rig.suite.client.listAccesFiche({ id, page: 1, pageSize: 100 }, { token: J.patiente });
      return rig.spans.getFinishedSpans().filter(({ attributes }) => 'db.operation.name' in attributes).length;
    };
    await rig.suite.client.getFiche({ id }, { token: J.medecin });
    const une = await requetes();
    for (let i = 0; i < 19; i++) await rig.suite.client.getFiche({ id }, { token: i % 2 ? J.medecin : J.confrere });
    expect(await requetes()).toBe(une);
    expect(une).toBe(4);
  });

  it('the exact number of a fiche that needs a reason tells a médecin of it', async () => {
    const { id, numeroDossier } = await rig.creer({}, { assignedMedecin: 2 });
    const chercher = (token: string) => rig.suite.client.listFiches({ search: numeroDossier }, { token });
    expect(await chercher(J.confrere)).toMatchObject({ fiches: [], count: 0, reservee: { id, numeroDossier } });
    for (const token of [J.medecin, J.ailleurs, J.admin, J.autre]) expect((await chercher(token)).reservee).toBeUndefined();
  });
});

describe('consent', () => {
  it("is auth's word each time, and without it nothing is given to the models", async () => {
    const { id } = await rig.creer();
    const demander = () => rig.suite.client.getFicheClinique({ id }, { token: J.ia });
    rig.suite.peers.consentements.set(1, 'retire');
    expect(await demander()).toMatchObject({ iaPermise: false, lignes: [], signesAlerte: [] });
    rig.suite.peers.consentements.delete(1);
    expect((await demander()).iaPermise).toBe(true);
    rig.suite.peers.setAway(true);
    await expect(demander()).rejects.toMatchObject({ kind: 'unavailable' });
    rig.suite.peers.setAway(false);
  });
});

describe("what an IA and a médecin wrote reaches a fiche's owner only once it is published", () => {
  const CANARIS = { synthese: 'Synthèse-canari-un', suite: 'Synthèse-canari-deux', diagnostic: 'Diagnostic-canari', traitement: 'Traitement-canari', examenComplementaire: 'Examen-canari', recommandations: 'Conseil-canari' };

  /** Every method, asked by the owner: answers and refusals alike, as text. */
  async function toutLire(id: number, cle: string): Promise<string> {
    const o = { token: J.patiente };
    const appels: Record<keyof typeof FicheService.method, () => Promise<unknown>> = {
      createFiche: () => rig.creer({}, { idempotencyKey: cle }),
      getFiche: () => rig.suite.client.getFiche({ id }, o),
      listFiches: () => rig.suite.client.listFiches({ page: 1, pageSize: 100 }, o),
      updateFiche: () => rig.suite.client.updateFiche({ id, fiche: { pouls: 92 }, user: 1, textes: { diagnostic: 'Le mien' } }, o),
      deleteFiche: () => rig.suite.client.deleteFiche({ id, versionAttendue: 1_000_000 }, o),
      validateFiche: () => rig.suite.client.validateFiche({ id }, o),
      rejectFiche: () => rig.suite.client.rejectFiche({ id, commentaire: 'Non' }, o),
      relancerFiche: () => rig.suite.client.relancerFiche({ id }, o),
      editDiagnostic: () => rig.suite.client.editDiagnostic({ id, textes: { diagnostic: 'Le mien' } }, o),
      sendWhatsapp: () => rig.suite.client.sendWhatsapp({ id }, o),
      sendNotification: () => rig.suite.client.sendNotification({ id, canal: 'sms' }, o),
      getFicheClinique: () => rig.suite.client.getFicheClinique({ id }, o),
      getDestinataire: () => rig.suite.client.getDestinataire({ ficheId: id }, o),
      getAccesFiche: () => rig.suite.client.getAccesFiche({ id, ouverture: true }, o),
      listAccesFiche: () => rig.suite.client.listAccesFiche({ id }, o),
    };
    expect(Object.keys(appels).sort()).toEqual(FicheService.methods.map(({ localName }) => localName).sort());
    const textes: string[] = [];
    for (const appeler of Object.values(appels)) textes.push(inspect(await appeler().catch((error: unknown) => error), { depth: Infinity, maxStringLength: Infinity, maxArrayLength: Infinity }));
    return textes.join('\n');
  }

  const vus = async (id: number, cle: string) => {
    const texte = await toutLire(id, cle);
    return Object.entries(CANARIS).filter(([, canari]) => texte.includes(canari)).map(([nom]) => nom);
  };

  async function analyser(id: number, analyseId: number, synthese: string): Promise<void> {
    rig.suite.peers.analyses.set(analyseId, { id: analyseId, ficheId: id, etat: 'terminee', synthese, urgenceIa: 'jaune' });
    const taskId = await rig.tache(id);
    const { fiche } = await rig.suite.client.getFiche({ id }, { token: J.admin });
    await rig.publier(topics.analyse.name, AnalyseCompletedSchema, { analyseId, ficheId: id, ficheVersion: fiche!.version, taskId });
  }

  it('in every answer of the service, the first one given again included', async () => {
    const cle = randomUUID();
    const { id } = await rig.creer({}, { idempotencyKey: cle });
    const { synthese, suite: deuxieme, ...textes } = CANARIS;
    await rig.suite.client.editDiagnostic({ id, textes }, { token: J.medecin });
    expect(await vus(id, cle)).toEqual([]);
    await rig.suite.client.rejectFiche({ id, commentaire: 'La tension manque.' }, { token: J.medecin });
    expect(await vus(id, cle)).toEqual([]);
    await rig.sql(`UPDATE fiche_consultation SET analyse_differee_le = NULL WHERE id = ${id} RETURNING id`);
    await analyser(id, 701, synthese);
    expect((await rig.suite.client.getFiche({ id }, { token: J.medecin })).fiche).toMatchObject({ status: 'analyse_terminee', diagnosticIa: synthese, ...textes });
    expect(await vus(id, cle)).toEqual([]);

    await rig.suite.client.validateFiche({ id }, { token: J.medecin });
    const publies = ['synthese', ...Object.keys(textes)];
    expect(await vus(id, cle)).toEqual(publies);
    await analyser(id, 702, deuxieme);
    expect((await rig.suite.client.getFiche({ id }, { token: J.medecin })).fiche?.diagnosticIa).toBe(deuxieme);
    expect(await vus(id, cle)).toEqual(publies);
    await rig.suite.client.validateFiche({ id, analyses: [701] }, { token: J.medecin });
    expect(await vus(id, cle)).toEqual(publies);
    await rig.suite.client.validateFiche({ id }, { token: J.medecin });
    expect(await vus(id, cle)).toEqual(['suite', ...Object.keys(textes)]);
    expect((await rig.suite.client.getAccesFiche({ id }, { token: J.patiente })).publishedAnalyseIds).toEqual([701, 702]);
  });
});
