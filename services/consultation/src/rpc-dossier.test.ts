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

describe('messages', () => {
  it('pass between patient and médecins with names, once under a key, in one batch of names', async () => {
    const { id } = await rig.creer();
    const idempotencyKey = randomUUID();
    const ecrire = () => rig.suite.dossier.createFicheMessage({ fiche: id, content: ' Bonjour docteur. ' }, { token: J.patiente, idempotencyKey });
    const { message } = await ecrire();
    expect(message).toMatchObject({ fiche: id, author: 1, content: 'Bonjour docteur.' });
    expect(await ecrire()).toMatchObject({ message: { id: message!.id }, replayed: true });
    await rig.suite.dossier.createFicheMessage({ fiche: id, content: 'Bonjour.' }, { token: J.medecin });
    await rig.suite.dossier.createFicheMessage({ fiche: id, content: 'Je prends le relais.' }, { token: J.confrere });
    rig.suite.peers.asked.length = 0;
    const { messages } = await rig.suite.dossier.listFicheMessages({ fiche: id }, { token: J.patiente });
    expect(messages.map(({ author, authorUsername, authorName, content }) => [author, authorUsername, authorName, content])).toEqual([
      [1, '', '', 'Bonjour docteur.'], [2, 'medecin.2', 'Jean Ilunga', 'Bonjour.'], [3, 'medecin.3', 'Jean Ilunga', 'Je prends le relais.'],
    ]);
    expect(rig.suite.peers.asked).toEqual(['getUsers']);
    await expect(rig.suite.dossier.createFicheMessage({ fiche: id, content: ' ' }, { token: J.patiente })).rejects.toMatchObject({ fields: { content: [expect.any(String)] } });
  });

  it('raise the fiche once, however many say so at once, and lose none', async () => {
    const { id, version } = await rig.creer({ motif_consultation: 'Visite de contrôle, mal au dos depuis une semaine.', histoire_maladie: '', temperature: 36.8, febrile: 'Non', cephalees: false, pouls: 76, spo2: 98, frequence_respiratoire: 16, tension_arterielle: '12/8' });
    const ecrire = (content: string) => rig.suite.dossier.createFicheMessage({ fiche: id, content }, { token: J.patiente });
    await Promise.all(Array.from({ length: 4 }, () => ecrire("je veux mourir, j'ai pris tous les comprimés")));
    const { fiche } = await rig.suite.client.getFiche({ id }, { token: J.medecin });
    expect(fiche).toMatchObject({ urgence: 'rouge', version: version + 1 });
    expect(fiche!.signesAlerte[0]).toMatchObject({ code: 'idees_suicidaires', niveau: 'rouge', champs: ['messages'] });
    expect((await rig.suite.dossier.listFicheMessages({ fiche: id }, { token: J.patiente })).messages).toHaveLength(4);
    expect(await rig.sql(`SELECT count(*)::int AS n FROM outbox WHERE key = '${id}' AND type LIKE '%FicheEdited'`)).toEqual([{ n: 1 }]);
  });

  it('are kept beside edits of the same moment: each has its effect, and each version its line of history', async () => {
    const { id } = await rig.creer();
    await Promise.all([
      ...['Je tousse encore.', 'Il convulse !'].map((content) => rig.suite.dossier.createFicheMessage({ fiche: id, content }, { token: J.patiente })),
      ...[81, 82].map((pouls) => rig.suite.client.updateFiche({ id, fiche: { pouls } }, { token: J.patiente })),
    ]);
    const { fiche } = await rig.suite.client.getFiche({ id }, { token: J.medecin });
    expect(fiche).toMatchObject({ urgence: 'rouge', signesAlerte: expect.arrayContaining([expect.objectContaining({ code: 'convulsions' })]) });
    const { changements } = await rig.suite.dossier.listHistorique({ id, ...page }, { token: J.medecin });
    expect(changements.map(({ version }) => version)).toEqual(Array.from({ length: fiche!.version }, (_, i) => fiche!.version - i));
    expect((await rig.suite.dossier.listFicheMessages({ fiche: id }, { token: J.medecin })).messages).toHaveLength(2);
  });

  it('and results and references are in no log, span, metric or event', async () => {
    const { id } = await rig.creer();
    await rig.suite.dossier.createFicheMessage({ fiche: id, content: 'Message-mystere : je convulse' }, { token: J.patiente });
    await rig.suite.dossier.createReference({ fiche: id, reference: { title: 'Titre-mystere' } }, { token: J.medecin });
    await rig.suite.dossier.createLabResult({ fiche: id, result: { typeAnalyse: 'Analyse-mystere', valeur: 'Valeur-mystere', datePrelevement: '2026-01-01', commentaire: 'Patiente confuse' } }, { token: J.medecin });
    await expect(rig.suite.dossier.createLabResult({ fiche: id, result: { typeAnalyse: 'Autre-mystere', datePrelevement: '3026-01-01' } }, { token: J.medecin })).rejects.toMatchObject({ kind: 'invalid' });
    const spans = inspect(rig.spans.getFinishedSpans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })), { depth: Infinity, maxStringLength: Infinity, maxArrayLength: Infinity });
    const events = (await rig.sql<{ payload: Uint8Array }>('SELECT payload FROM outbox')).map(({ payload }) => Buffer.from(payload ?? []).toString('latin1')).join();
    for (const texte of [rig.suite.lines.join(), spans, events, await rig.suite.metrics.registry.metrics()]) expect(texte).not.toContain('mystere');
  });
});

describe('references and results', () => {
  it('under a key are added once; of rivals with one title one is added, the others are refused by field', async () => {
    const { id } = await rig.creer();
    const idempotencyKey = randomUUID();
    const ajouter = (title: string, plus = {}) => rig.suite.dossier.createReference({ fiche: id, reference: { title, url: 'https://has-sante.fr/x', source: 'has', year: 2020 } }, { token: J.medecin, ...plus });
    const { reference } = await ajouter('Choléra', { idempotencyKey });
    expect(await ajouter('Choléra', { idempotencyKey })).toMatchObject({ replayed: true, reference: { id: reference!.id } });
    const issues = await Promise.allSettled(Array.from({ length: 5 }, () => ajouter('Fièvre typhoïde')));
    expect(issues.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const issue of issues) if (issue.status === 'rejected') expect(issue.reason).toMatchObject({ kind: 'invalid', fields: { title: [expect.any(String)] } });
    expect((await rig.suite.dossier.updateReference({ id: reference!.id, reference: { year: 0, url: '' } }, { token: J.medecin })).reference).toMatchObject({ title: 'Choléra', source: 'has' });
    const { references } = await rig.suite.dossier.listFicheReferences({ fiche: id }, { token: J.patiente });
    expect(references.map(({ title, year, url }) => [title, year, url])).toEqual([['Fièvre typhoïde', 2020, 'https://has-sante.fr/x'], ['Choléra', undefined, undefined]]);
  });

  it('hold the file of the laboratory, under a key once, until another takes its place or it is taken away', async () => {
    const { id } = await rig.creer();
    const o = { token: J.medecin };
    const pdf = (mot: string) => Buffer.from(`%PDF-1.4 ${mot}`);
    const envoi = <F>(octets: Uint8Array, formulaire: F) => [{ contenu: { case: 'entete' as const, value: { nom: '../résultat.exe' } } }, { contenu: { case: 'octets' as const, value: octets } }, { contenu: { case: 'formulaire' as const, value: formulaire } }];
    const result = { typeAnalyse: 'Hémoculture', valeur: 'positive', datePrelevement: '2026-01-01' };
    const idempotencyKey = randomUUID();
    const envoyer = (octets: Uint8Array) => rig.suite.dossier.uploadLabResult(envoi(octets, { fiche: id, result }), { ...o, idempotencyKey });
    const premier = (await envoyer(pdf('un'))).result!;
    expect(premier).toMatchObject({ fiche: id, valeur: 'positive', fichier: 'résultat.exe.pdf' });
    expect(await envoyer(pdf('un'))).toMatchObject({ replayed: true, result: { id: premier.id } });
    await expect(envoyer(pdf('autre'))).rejects.toMatchObject({ kind: 'unprocessable' });
    const lire = async () => {
      const morceaux = [];
      for await (const { contenu } of await rig.suite.dossier.downloadLabResult({ id: premier.id }, { token: J.patiente })) morceaux.push(contenu.case === 'octets' ? Buffer.from(contenu.value).toString() : contenu.value?.nom);
      return morceaux;
    };
    const etats = () => rig.sql<{ etat: string; n: number }>(`SELECT etat, count(*)::int AS n FROM fichier WHERE id::text IN (SELECT split_part(fichier_cle, '/', 2) FROM lab_result) OR etat <> 'garde' GROUP BY etat ORDER BY etat`);
    expect(await lire()).toEqual(['résultat.exe.pdf', '%PDF-1.4 un']);
    expect(await etats()).toEqual([{ etat: 'garde', n: 1 }]);
    await rig.suite.dossier.replaceLabResultFile(envoi(pdf('deux'), { id: premier.id, result: { valeur: 'négative' } }), o);
    expect(await lire()).toEqual(['résultat.exe.pdf', '%PDF-1.4 deux']);
    expect(await etats()).toEqual([{ etat: 'a_supprimer', n: 1 }, { etat: 'garde', n: 1 }]);
    expect((await rig.suite.dossier.updateLabResult({ id: premier.id, result: { sansFichier: true } }, o)).result).toMatchObject({ valeur: 'négative', typeAnalyse: 'Hémoculture' });
    await expect(lire()).rejects.toMatchObject({ kind: 'not_found', code: 'fichier.introuvable' });
    expect(await etats()).toEqual([{ etat: 'a_supprimer', n: 2 }]);
    await expect(rig.suite.dossier.uploadLabResult(envoi(Buffer.from('MZ programme'), { fiche: id, result }), o)).rejects.toMatchObject({ code: 'fichier.type_refuse', fields: { fichier: [expect.any(String)] } });
    await expect(rig.suite.dossier.uploadLabResult(envoi(pdf('trois'), { fiche: id, result: { valeur: '1' } }), o)).rejects.toMatchObject({ fields: { type_analyse: [expect.any(String)] } });
    await expect(rig.suite.dossier.uploadLabResult(envoi(pdf('quatre'), { fiche: id, result }), { token: J.autre })).rejects.toMatchObject({ kind: 'not_found' });
    expect(await etats()).toEqual([{ etat: 'a_supprimer', n: 2 }]);
    expect((await rig.suite.dossier.uploadLabResult([{ contenu: { case: 'formulaire', value: { fiche: id, result } } }], o)).result!.fichier).toBeUndefined();
  });

  it('are hidden with their fiche and back with it', async () => {
    const { id } = await rig.creer();
    const { result } = await rig.suite.dossier.createLabResult({ fiche: id, result: { typeAnalyse: 'TDR paludisme', valeur: 'positif', datePrelevement: '2026-01-01' } }, { token: J.patiente });
    const lire = () => rig.suite.dossier.getLabResult({ id: result!.id }, { token: J.patiente });
    await rig.suite.client.deleteFiche({ id }, { token: J.patiente });
    await expect(lire()).rejects.toMatchObject({ kind: 'not_found', code: 'resultat.introuvable' });
    await expect(rig.suite.dossier.createLabResult({ fiche: id, result: { typeAnalyse: 'TDR', valeur: '1', datePrelevement: '2026-01-01' } }, { token: J.patiente })).rejects.toMatchObject({ kind: 'not_found' });
    await rig.suite.dossier.restoreFiche({ id }, { token: J.admin });
    expect((await lire()).result).toMatchObject({ valeur: 'positif', datePrelevement: '2026-01-01' });
  });

  it('lists cost as many queries for one as for twenty, and audit each fiche once an hour', async () => {
    const ajouter = async () => {
      const { id } = await rig.creer();
      await rig.suite.dossier.createLabResult({ fiche: id, result: { typeAnalyse: 'TDR', valeur: 'négatif', datePrelevement: '2026-01-01' } }, { token: J.patiente });
      return id;
    };
    const requetes = async () => {
      rig.spans.reset();
      await rig.suite.dossier.listLabResults({ ...page }, { token: J.medecin });
      return rig.spans.getFinishedSpans().filter(({ attributes }) => 'db.operation.name' in attributes).length;
    };
    await ajouter();
    const une = await requetes();
    const id = await ajouter();
    for (let i = 0; i < 8; i++) await ajouter();
    expect(await requetes()).toBe(une);
    await requetes();
    expect(await rig.sql(`SELECT count(*)::int AS n FROM audit WHERE objet_id = '${id}' AND action = 'fiche.lister_resultats'`)).toEqual([{ n: 1 }]);
    expect(une).toBe(3);
  });
});

describe('the history', () => {
  it('costs as many queries for one act as for twenty', async () => {
    const { id } = await rig.creer();
    const requetes = async () => {
      rig.spans.reset();
      await rig.suite.dossier.listHistorique({ id, ...page }, { token: J.patiente });
      return rig.spans.getFinishedSpans().filter(({ attributes }) => 'db.operation.name' in attributes).length;
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
      listFicheMessages: () => rig.suite.dossier.listFicheMessages({ fiche: id }, o),
      createFicheMessage: () => rig.suite.dossier.createFicheMessage({ fiche: id, content: 'Merci.' }, o),
      listFicheReferences: () => rig.suite.dossier.listFicheReferences({ fiche: id }, o),
      listReferences: () => rig.suite.dossier.listReferences({ ...page }, o),
      getReference: () => rig.suite.dossier.getReference({ id: 1 }, o),
      createReference: () => rig.suite.dossier.createReference({ fiche: id, reference: { title: randomUUID() } }, o),
      updateReference: () => rig.suite.dossier.updateReference({ id: 1, reference: { year: 2020 } }, o),
      deleteReference: () => rig.suite.dossier.deleteReference({ id: 1 }, o),
      listLabResults: () => rig.suite.dossier.listLabResults({ ...page }, o),
      getLabResult: () => rig.suite.dossier.getLabResult({ id: 1 }, o),
      createLabResult: () => rig.suite.dossier.createLabResult({ fiche: id, result: { typeAnalyse: 'TDR', valeur: 'positif', datePrelevement: '2026-01-01' } }, o),
      updateLabResult: () => rig.suite.dossier.updateLabResult({ id: 1, result: { valeur: 'négatif' } }, o),
      uploadLabResult: () => rig.suite.dossier.uploadLabResult([{ contenu: { case: 'formulaire', value: { fiche: id } } }], o),
      replaceLabResultFile: () => rig.suite.dossier.replaceLabResultFile([{ contenu: { case: 'formulaire', value: { id: 1 } } }], o),
      downloadLabResult: () => rig.suite.dossier.downloadLabResult({ id: 1 }, o),
      deleteLabResult: () => rig.suite.dossier.deleteLabResult({ id: 1 }, o),
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
