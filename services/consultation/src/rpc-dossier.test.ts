import { describe, expect, it } from '@jest/globals';
import { DossierService } from '@mediai/contracts/consultation/v1/dossier_service';
import { AnalyseCompletedSchema } from '@mediai/contracts/ia/v1/events';
import { topics } from '@mediai/events';
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { J, useService } from './rpc.memory.ts';

const rig = useService();
const page = { page: 1, pageSize: 100 };

describe('a deleted fiche', () => {
  it('is listed to an admin who asks for it, brought back once under a key, and announced', async () => {
    const { id, numeroDossier } = await rig.creer();
    await rig.suite.client.deleteFiche({ id }, { token: J.patiente });
    const trouver = async (token: string, supprimees: boolean) => (await rig.suite.client.listFiches({ search: numeroDossier, supprimees, ...page }, { token })).fiches.map((fiche) => fiche.id);
    expect([await trouver(J.admin, true), await trouver(J.admin, false), await trouver(J.medecin, true)]).toEqual([[id], [], []]);
    await expect(rig.suite.dossier.listHistorique({ id, ...page }, { token: J.patiente })).rejects.toMatchObject({ kind: 'not_found' });
    const idempotencyKey = randomUUID();
    const restaurer = () => rig.suite.dossier.restoreFiche({ id }, { token: J.admin, idempotencyKey });
    const premiere = await restaurer();
    expect(premiere.fiche).toMatchObject({ id, version: 3 });
    expect((await restaurer()).fiche).toMatchObject({ id, version: 3 });
    expect([await trouver(J.admin, true), await trouver(J.patiente, false)]).toEqual([[], [id]]);
    const types = await rig.sql<{ type: string }>(`SELECT type FROM outbox WHERE key = '${id}' ORDER BY id`);
    expect(types.map(({ type }) => type.replace('mediai.consultation.v1.', ''))).toEqual(['FicheCreated', 'FicheDeleted', 'FicheRestored', 'AnalyseRequested']);
    const { changements } = await rig.suite.dossier.listHistorique({ id, ...page }, { token: J.patiente });
    expect(changements.map(({ action }) => action)).toEqual(['fiche.restaurer', 'fiche.supprimer', 'fiche.creer']);
  });
});

describe('assigning', () => {
  it('asks auth for a médecin who is not known here yet, and says when it is away', async () => {
    const { id } = await rig.creer();
    const assigner = (medecinId?: number) => rig.suite.dossier.assignMedecin({ id, medecinId }, { token: J.admin });
    expect((await assigner(3)).fiche).toMatchObject({ assignedMedecin: 3, version: 2 });
    const { fiche } = await assigner();
    expect([fiche?.assignedMedecin, fiche?.version]).toEqual([undefined, 3]);
    rig.suite.peers.setAway(true);
    await expect(assigner(2)).rejects.toMatchObject({ kind: 'unavailable' });
    rig.suite.peers.setAway(false);
    await expect(assigner(77)).rejects.toMatchObject({ kind: 'not_found', code: 'medecin.introuvable' });
  });
});

describe('the history', () => {
  it('costs as many queries for one act as for twenty', async () => {
    const { id } = await rig.creer();
    const requetes = async () => {
      rig.spans.reset();
      await rig.suite.dossier.listHistorique({ id, ...page }, { token: J.patiente });
      return rig.spans.getFinishedSpans().filter(({ name }) => name === 'prisma:client:db_query').length;
    };
    const une = await requetes();
    for (let i = 0; i < 10; i++) {
      await rig.suite.client.editDiagnostic({ id, textes: { diagnostic: `Avis ${i}` } }, { token: i % 2 ? J.medecin : J.confrere });
      await rig.suite.client.updateFiche({ id, fiche: { pouls: 80 + i } }, { token: J.patiente });
    }
    expect(await requetes()).toBe(une);
    expect(une).toBe(4);
  });
});

describe('what an IA and a médecin wrote reaches the owner of a fiche', () => {
  const CANARIS = { synthese: 'Synthèse-canari', diagnostic: 'Diagnostic-canari' };

  /** Every method, asked by the owner: answers and refusals alike, as text. */
  async function toutLire(id: number): Promise<string> {
    const o = { token: J.patiente };
    const appels: Record<keyof typeof DossierService.method, () => Promise<unknown>> = {
      assignMedecin: () => rig.suite.dossier.assignMedecin({ id }, o),
      listHistorique: () => rig.suite.dossier.listHistorique({ id, ...page }, o),
      restoreFiche: () => rig.suite.dossier.restoreFiche({ id }, o),
    };
    expect(Object.keys(appels).sort()).toEqual(DossierService.methods.map(({ localName }) => localName).sort());
    const textes: string[] = [];
    for (const appeler of Object.values(appels)) textes.push(inspect(await appeler().catch((error: unknown) => error), { depth: Infinity, maxStringLength: Infinity, maxArrayLength: Infinity }));
    return textes.join('\n');
  }

  it('by none of what lies beside it', async () => {
    const { id } = await rig.creer();
    rig.suite.peers.analyses.set(801, { id: 801, ficheId: id, etat: 'terminee', synthese: CANARIS.synthese, urgenceIa: 'jaune' });
    await rig.publier(topics.analyse.name, AnalyseCompletedSchema, { analyseId: 801, ficheId: id, ficheVersion: 1, taskId: await rig.tache(id) });
    await rig.suite.client.editDiagnostic({ id, textes: { diagnostic: CANARIS.diagnostic } }, { token: J.medecin });
    const { changements } = await rig.suite.dossier.listHistorique({ id, ...page }, { token: J.medecin });
    expect(JSON.stringify(changements.map(({ champs }) => champs.map(({ champ, apres }) => [champ, apres])))).toMatch(/Synthèse-canari.*/);
    const lu = await toutLire(id);
    expect(lu).not.toMatch(/canari|diagnostic|urgence_ia/i);
    await rig.suite.client.validateFiche({ id }, { token: J.medecin });
    expect(await toutLire(id)).not.toMatch(/canari|urgence_ia/i);
  });
});
