import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCompte, createEtablissement, must, type Compte } from './accounts.ts';
import { call, loginSuperuser, until, type Answer } from './client.ts';
import { analysedFiche, postFiche, readFiche, validateFiche, type Fiche } from './fiche.ts';
import { openRpc, type CallRpc } from './rpc.ts';
import { gatewayUrl } from './suite.ts';

const FICHES = '/api/v1/fiche-consultation/';
const RESULTATS = '/api/v1/lab-results/';
const REFERENCES = '/api/v1/references/';
const PDF = Buffer.from('%PDF-1.4\n% NFS du 12 mars\n');

type Message = { id: number; author: number; author_username: string; content: string; created_at: string; sender_id: number; sender_name: string; date_envoi: string };
type Changement = { version: number; action: string; acteur_username: string; champs: { champ: string; libelle: string; avant?: unknown; apres?: unknown }[] };
type Resultat = { id: number; valeur: string; file_url: string | null };

let patiente: Compte;
let medecin: Compte;
let confrere: Compte;
let admin: Compte;
let callRpc: CallRpc;
let close: () => void;

beforeAll(async () => {
  const superuser = await loginSuperuser();
  const etablissement = await createEtablissement(superuser);
  const compte = (role: 'patient' | 'medecin', plus = {}) => createCompte(superuser, { role, etablissement, ...plus });
  [patiente, medecin, confrere, admin] = await Promise.all([compte('patient'), compte('medecin'), compte('medecin'), compte('patient', { admin: true })]);
  ({ callRpc, close } = await openRpc());
}, 60_000);
afterAll(() => close?.());

const sous = (id: number, chemin: string): string => `${FICHES}${id}/${chemin}/`;
const ecrire = (par: Compte, id: number, content: string): Promise<Answer<Message>> => call<Message>('POST', sous(id, 'messages'), { token: par.token, body: { content } });
const historique = async (par: Compte, id: number) => (await must<{ results: Changement[] }>('GET', `${sous(id, 'historique')}?page_size=100`, par.token)).results;

/** A quiet fiche of the patient, analysed. */
async function ficheCalme(): Promise<Fiche> {
  const { status, body } = await postFiche(patiente.token, {
    telephone: patiente.phone, motif_consultation: 'Fatigue depuis deux semaines, contrôle de tension.', histoire_maladie: 'Pas de fièvre. Appétit conservé, sommeil agité.', temperature: 36.8, febrile: 'Non', cephalees: false,
    pouls: 78, spo2: 98, frequence_respiratoire: 16, tension_arterielle: '12/8', sexe: 'F', date_naissance: '1988-02-11',
  });
  expect(status).toBe(201);
  return analysedFiche(medecin.token, body.id);
}

describe("a patient's dossier", () => {
  it('grows by messages, references and results, is followed by another médecin, and remembers who did what', async () => {
    const fiche = await ficheCalme();
    const { id } = fiche;

    expect((await ecrire(patiente, id, 'Bonjour docteur, je me sens encore très fatiguée le soir.')).status).toBe(201);
    expect((await ecrire(medecin, id, 'Bonjour Madame. Avez-vous maigri ? Faites une NFS et une glycémie à jeun au laboratoire.')).status).toBe(201);
    expect((await ecrire(patiente, id, '   ')).body).toHaveProperty('content');
    const messages = await must<Message[]>('GET', sous(id, 'messages'), patiente.token);
    expect(messages.map(({ author, content }) => [author, content.slice(0, 7)])).toEqual([[patiente.id, 'Bonjour'], [medecin.id, 'Bonjour']]);
    expect((await readFiche(medecin.token, id))['version']).toBe(fiche['version']);

    const reference = { title: "Prise en charge de l'anémie ferriprive de l'adulte", url: 'https://www.has-sante.fr/jcms/c_1234/fr/', source: 'has', authors: 'Haute Autorité de Santé', year: 2019 };
    const ajoutee = await call<{ id: number; source_display: string }>('POST', sous(id, 'references'), { token: medecin.token, body: reference });
    expect([ajoutee.status, ajoutee.body.source_display]).toEqual([201, 'HAS (Haute Autorité de Santé)']);
    expect(await must<unknown[]>('GET', sous(id, 'references'), patiente.token)).toHaveLength(1);
    expect((await call('PATCH', `${REFERENCES}${ajoutee.body.id}/`, { token: patiente.token, body: { year: 2020 } })).status).toBe(403);

    const form = new FormData();
    for (const [nom, valeur] of Object.entries({ fiche: String(id), type_analyse: 'NFS : hémoglobine', valeur: '9,8', unite: 'g/dL', valeurs_normales: '12 - 16', date_prelevement: '2026-03-12', laboratoire: 'Laboratoire Sendwe', commentaire: 'Anémie microcytaire hypochrome.' })) form.set(nom, valeur);
    form.set('fichier', new Blob([PDF]), 'NFS du 12 mars.pdf');
    const envoye = await call<Resultat>('POST', RESULTATS, { token: patiente.token, body: form });
    expect([envoye.status, envoye.body.valeur]).toEqual([201, '9,8']);
    const telecharge = await fetch(`${gatewayUrl()}${RESULTATS}${envoye.body.id}/download/`, { headers: { authorization: `Bearer ${medecin.token}` } });
    expect([telecharge.status, telecharge.headers.get('content-disposition')]).toEqual([200, expect.stringContaining('NFS du 12 mars.pdf')]);
    expect(Buffer.from(await telecharge.arrayBuffer()).equals(PDF)).toBe(true);
    expect(envoye.body.file_url).toBe(`${gatewayUrl()}${RESULTATS}${envoye.body.id}/download/`);
    const demain = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    expect((await call('PATCH', `${RESULTATS}${envoye.body.id}/`, { token: patiente.token, body: { date_prelevement: demain } })).body).toHaveProperty('date_prelevement');
    expect((await must<{ count: number }>('GET', `${RESULTATS}?fiche=${id}`, medecin.token)).count).toBe(1);

    const assignee = await must<Fiche>('POST', sous(id, 'assign-medecin'), medecin.token, { medecin_id: confrere.id });
    expect(assignee['assigned_medecin']).toBe(confrere.id);
    expect((await call('GET', sous(id, 'messages'), { token: medecin.token })).body).toMatchObject({ code: 'acces.motif_requis' });
    const motivee = await call('GET', sous(id, 'messages'), { token: medecin.token, headers: { 'x-access-reason': encodeURIComponent('Avis demandé par le Dr Ilunga') } });
    expect(motivee.status).toBe(200);
    expect((await must<{ results: { raison: string | null }[] }>('GET', `${sous(id, 'acces')}?page_size=100`, patiente.token)).results.map(({ raison }) => raison)).toContain('Avis demandé par le Dr Ilunga');

    expect((await validateFiche(confrere.token, id)).status).toBe(200);
    expect((await call('DELETE', `${RESULTATS}${envoye.body.id}/`, { token: patiente.token })).status).toBe(400);

    const vu = await historique(confrere, id);
    expect(vu.map(({ action }) => action)).toEqual(expect.arrayContaining(['fiche.creer', 'fiche.analyse_terminee', 'fiche.assigner', 'fiche.valider']));
    expect(vu.find(({ action }) => action === 'fiche.assigner')).toMatchObject({ acteur_username: medecin.username, champs: [{ champ: 'assigned_medecin', libelle: 'Médecin assigné', avant: null, apres: confrere.id }] });
    expect(vu.find(({ action }) => action === 'fiche.valider')?.champs).toContainEqual(expect.objectContaining({ champ: 'traitement', apres: expect.stringContaining('Artéméther') }));
    const duPatient = await historique(patiente, id);
    expect(JSON.stringify(duPatient)).not.toMatch(/Artéméther|avant|apres|urgence_ia|signes_alerte/);
    expect(duPatient.find(({ action }) => action === 'fiche.analyse_terminee')?.champs.map(({ champ }) => champ)).not.toContain('diagnostic_ia');
  });

  it("raises its urgency by what the patient writes, in the same call, and tells the patient what to do", async () => {
    const { id } = await ficheCalme();
    expect((await readFiche(medecin.token, id))['urgence']).not.toBe('rouge');
    expect((await ecrire(medecin, id, 'Avez-vous des idées noires, des envies de mourir ?')).status).toBe(201);
    expect((await readFiche(medecin.token, id))['urgence']).not.toBe('rouge');
    const grave = await ecrire(patiente, id, "je veux mourir, j'ai pris tous les comprimés");
    expect([grave.status, grave.body]).toMatchObject([201, { urgence: 'rouge', orientation: expect.stringContaining("Vous n'êtes pas seul") }]);
    const vue = await readFiche(medecin.token, id);
    expect([vue['urgence'], vue['urgence_regles']]).toEqual(['rouge', 'rouge']);
    expect(vue['signes_alerte']).toContainEqual(expect.objectContaining({ code: 'idees_suicidaires', niveau: 'rouge', champs: ['messages'] }));
    expect(String((await readFiche(patiente.token, id))['orientation'])).toContain("Vous n'êtes pas seul");
    await must('PATCH', `${FICHES}${id}/`, medecin.token, { pouls: 82 });
    expect((await readFiche(medecin.token, id))['urgence']).toBe('rouge');
    const urgentes = await must<{ results: { id: number }[] }>('GET', `${FICHES}?urgence=rouge&ordering=-urgence&page_size=100`, medecin.token);
    expect(urgentes.results.map((fiche) => fiche.id)).toContain(id);
  });

  it('is hidden whole with its fiche when that is deleted, and back whole when an admin restores it', async () => {
    const { id } = await ficheCalme();
    await ecrire(patiente, id, 'La tension est montée à 15/9 hier soir.');
    const { id: resultat } = await must<Resultat>('POST', RESULTATS, medecin.token, { fiche: id, type_analyse: 'Glycémie à jeun', valeur: '94', unite: 'mg/dL', date_prelevement: '2026-03-12' });
    await must('DELETE', `${FICHES}${id}/`, patiente.token);
    for (const [par, chemin] of [[patiente, sous(id, 'messages')], [medecin, `${RESULTATS}${resultat}/`], [admin, `${FICHES}${id}/`], [patiente, sous(id, 'historique')]] as const) expect((await call('GET', chemin, { token: par.token })).status).toBe(404);

    for (const par of [patiente, medecin]) expect((await call('POST', sous(id, 'restore'), { token: par.token })).status).toBe(403);
    const supprimees = await must<{ results: { id: number }[] }>('GET', `${FICHES}?deleted=true&page_size=100`, admin.token);
    expect(supprimees.results.map((fiche) => fiche.id)).toContain(id);
    expect((await must<Fiche>('POST', sous(id, 'restore'), admin.token)).id).toBe(id);
    expect((await call('POST', sous(id, 'restore'), { token: admin.token })).status).toBe(404);

    expect(await must<Message[]>('GET', sous(id, 'messages'), medecin.token)).toHaveLength(1);
    expect((await must<Resultat>('GET', `${RESULTATS}${resultat}/`, patiente.token)).valeur).toBe('94');
    expect((await historique(patiente, id)).slice(0, 2).map(({ action }) => action)).toEqual(['fiche.restaurer', 'fiche.supprimer']);
    // ia and appointments take its return from the event.
    await until('the conversation of the restored fiche', () => callRpc('IaService.ListConversations', { page: 1, pageSize: 100 }, { token: patiente.token }), ({ body }) => ((body?.['conversations'] ?? []) as { fiche: number }[]).some(({ fiche }) => fiche === id));
  });
});
