import { beforeAll, describe, expect, it } from '@jest/globals';
import { createCompte, createEtablissement, must, nextSlot, unique, type Compte } from './accounts.ts';
import { readTargets, type Target } from './openapi.ts';
import { call, loginSuperuser, until, type Answer } from './client.ts';
import { analysedFiche, conversationOf, createFiche, readFiche, validateFiche, type Fiche, type Message } from './fiche.ts';
import { callsHolding } from './sandbox.ts';

const FICHES = '/api/v1/fiche-consultation/';
const CONSENTEMENTS = '/api/v1/consentements/';
const VOICES = ['gpt4', 'claude', 'gemini', 'synthese'];

describe("what an IA wrote, on every route that its patient may read", () => {
  let patient: Compte;
  let medecin: Compte;
  let fiche: Fiche;
  let routes: Target[];

  beforeAll(async () => {
    const superuser = await loginSuperuser();
    [patient, medecin] = await Promise.all([createCompte(superuser, { role: 'patient' }), createCompte(superuser, { role: 'medecin' })]);
    routes = (await readTargets()).filter(({ method }) => method === 'GET');
    fiche = await createFiche(patient.token, { telephone: patient.phone });
    const { start, end } = nextSlot();
    await must('POST', '/api/v1/appointments/', patient.token, { fiche: fiche.id, requested_start: start.toISOString(), requested_end: end.toISOString() });
  });

  const messagesSeenBy = async (token: string): Promise<{ conversation: number; messages: Message[] }> => {
    const found = await conversationOf(token, fiche.id);
    return { conversation: found?.id ?? 0, messages: found?.messages ?? [] };
  };
  const written = ({ messages }: { messages: Message[] }): Message[] => messages.filter(({ role }) => VOICES.includes(role));

  /** Every answer that the patient gets to a GET, as one text: with every id of every list, and those that only the médecin knows. */
  async function everythingRead(): Promise<string> {
    const { conversation, messages } = await messagesSeenBy(medecin.token);
    const appointments = await must<{ results: { id: number }[] }>('GET', '/api/v1/appointments/', patient.token);
    const ids: Record<string, number[]> = { 'fiche-consultation': [fiche.id], conversations: [conversation], messages: messages.map(({ id }) => id), appointments: appointments.results.map(({ id }) => id), users: [patient.id, medecin.id], medecins: [medecin.id] };
    const paths = routes.flatMap(({ path }) => {
      const [, collection = ''] = /([\w-]+)\/\{\w+\}/.exec(path) ?? [];
      return path.includes('{') ? (ids[collection] ?? [1]).map((id) => path.replace(/\{\w+\}/, String(id))) : [path, ...(path === FICHES ? [`${path}?is_patient_distance=true`, `${path}?search=${fiche.numero_dossier}`] : [])];
    });
    const answers = await Promise.all(
      paths.map(async (path) => {
        const { status, body, headers } = await call<unknown>('GET', path, { token: patient.token });
        expect([path, [200, 400, 403, 404].includes(status)]).toEqual([path, true]);
        return `${path} ${JSON.stringify(body)} ${JSON.stringify([...headers])}`;
      }),
    );
    return answers.join('\n');
  }

  /** The sentences of some texts that stand neither in what the patient wrote nor in other texts: each gives its text away. */
  function canaries(texts: readonly (string | null)[], own: string, others: readonly (string | null)[] = []): string[] {
    const sentences = texts.flatMap((text) => (text ?? '').split(/[\n.;:,()]+/).map((part) => part.trim())).filter((part) => part.length >= 12);
    return [...new Set(sentences)].filter((part) => !own.includes(part) && !others.some((other) => other?.includes(part)));
  }
  const found = (text: string, wanted: readonly string[]): string[] => wanted.filter((one) => text.includes(JSON.stringify(one).slice(1, -1)));
  const textsOf = (messages: Message[], { diagnostic_ia }: Fiche): (string | null)[] => [...messages.map(({ content }) => content), diagnostic_ia];

  it('is hidden before validation, read after it, and hidden again when it is new', async () => {
    const analysed = await analysedFiche(medecin.token, fiche.id);
    const first = written(await messagesSeenBy(medecin.token));
    expect(first.map(({ role }) => role).toSorted()).toEqual(VOICES.toSorted());
    const secrets = canaries(textsOf(first, analysed), JSON.stringify(fiche));
    expect(secrets.length).toBeGreaterThan(10);
    const before = await everythingRead();
    expect(before).not.toContain('SIMULATION');
    expect(found(before, secrets)).toEqual([]);

    expect((await validateFiche(medecin.token, fiche.id)).status).toBe(200);
    const published = await everythingRead();
    expect(found(published, secrets).length).toBe(secrets.length);
    expect((await messagesSeenBy(patient.token)).messages.map(({ id }) => id)).toEqual(expect.arrayContaining(first.map(({ id }) => id)));

    // Another complaint, so that the second analysis says what the first did not.
    const other = { motif_consultation: 'Douleur thoracique constrictive au repos.', histoire_maladie: 'Douleur thoracique depuis deux heures, irradiant au bras gauche.', febrile: 'Non', temperature: 36.9 };
    expect((await call('PATCH', `${FICHES}${fiche.id}/`, { token: medecin.token, body: other })).status).toBe(200);
    expect((await call('POST', `${FICHES}${fiche.id}/relancer/`, { token: medecin.token })).status).toBe(202);
    const all = await until('the second analysis', () => messagesSeenBy(medecin.token), (seen) => written(seen).length >= 2 * VOICES.length);
    const second = written(all).filter(({ id }) => !first.some((message) => message.id === id));
    const news = canaries(textsOf(second, await readFiche(medecin.token, fiche.id)), JSON.stringify(await readFiche(patient.token, fiche.id)), textsOf(first, analysed));
    expect(news.length).toBeGreaterThan(5);
    const after = await everythingRead();
    expect(found(after, news)).toEqual([]);
    expect(found(after, secrets).length).toBe(secrets.length);
    expect((await readFiche(patient.token, fiche.id)).status).toBe('valide_medecin');
    for (const { id } of second) expect((await call('GET', `/api/v1/messages/${id}/`, { token: patient.token })).status).toBe(404);

    // The counts know only what may be read.
    const { messages } = await messagesSeenBy(patient.token);
    const { conversation } = await messagesSeenBy(medecin.token);
    expect(await must('GET', `/api/v1/conversations/${conversation}/`, patient.token)).toMatchObject({ messages_count: messages.length });

    await until('the end of the second analysis', () => readFiche(medecin.token, fiche.id), ({ diagnostic_ia }) => diagnostic_ia !== analysed.diagnostic_ia);
    expect((await validateFiche(medecin.token, fiche.id)).status).toBe(200);
    expect(found(await everythingRead(), news).length).toBe(news.length);
  }, 120_000);

  it('is in no answer to what the patient writes either', async () => {
    const own = await createFiche(patient.token, { telephone: patient.phone, motif_consultation: `Toux grasse et fièvre ${unique()}.` });
    await analysedFiche(medecin.token, own.id);
    await must('POST', `${FICHES}${own.id}/reject/`, medecin.token, { commentaire: 'La saturation manque.' });
    for (const method of ['PATCH', 'PUT']) {
      const answer = await call<Fiche>(method, `${FICHES}${own.id}/`, { token: patient.token, body: { ...own, spo2: 91 } });
      expect([method, answer.status, answer.body.diagnostic_ia]).toEqual([method, 200, null]);
      expect(JSON.stringify(answer.body)).not.toContain('SIMULATION');
    }
  });
});

describe('a dossier that a colleague follows', () => {
  let comptes: Record<'patient' | 'autrePatient' | 'suivant' | 'collegue' | 'admin' | 'ailleurs', Compte>;
  let fiche: Fiche;
  let etablissement: number;
  const opening = (token: string, raison?: string): Promise<Answer> => call('GET', `${FICHES}${fiche.id}/`, { token, headers: raison === undefined ? {} : { 'x-access-reason': encodeURIComponent(raison) } });
  type Acces = { acteur: number | null; acteur_username: string; acteur_role: string; action: string; raison: string | null; le: string };
  const accesSeenBy = async (token: string): Promise<Acces[]> => (await must<{ results: Acces[] }>('GET', `${FICHES}${fiche.id}/acces/?page_size=100`, token)).results;

  beforeAll(async () => {
    const superuser = await loginSuperuser();
    etablissement = await createEtablissement(superuser);
    const sortes = { patient: { role: 'patient' }, autrePatient: { role: 'patient' }, suivant: { role: 'medecin' }, collegue: { role: 'medecin' }, admin: { role: 'patient', admin: true } } as const;
    const made = await Promise.all(Object.entries(sortes).map(async ([name, sorte]) => [name, await createCompte(superuser, { ...sorte, etablissement })] as const));
    comptes = { ...Object.fromEntries(made), ailleurs: await createCompte(superuser, { role: 'medecin' }) } as typeof comptes;
    fiche = await createFiche(comptes.patient.token, { telephone: comptes.patient.phone, assigned_medecin: comptes.suivant.id });
    await analysedFiche(comptes.suivant.token, fiche.id);
  });

  it('opens with a reason only, for the médecins of the house only, and its patient reads who, when and why', async () => {
    const { patient, autrePatient, suivant, collegue, admin, ailleurs } = comptes;
    const refused = await opening(collegue.token);
    expect([refused.status, refused.body['code']]).toEqual([403, 'acces.motif_requis']);
    for (const empty of ['', '   ']) expect((await opening(collegue.token, empty)).status).toBe(403);
    expect((await opening(ailleurs.token, 'Avis demandé')).status).toBe(404);
    expect((await opening(autrePatient.token, 'Je suis son frère')).status).toBe(404);
    expect((await accesSeenBy(patient.token)).map(({ acteur }) => acteur)).not.toContain(collegue.id);

    const raison = 'Garde de nuit : patiente vue aux urgences, détresse';
    expect((await opening(collegue.token, raison)).status).toBe(200);
    expect((await opening(collegue.token)).status).toBe(200);
    const conversation = await conversationOf(suivant.token, fiche.id);
    expect((await call('GET', `/api/v1/conversations/${conversation?.id}/messages/`, { token: collegue.token })).status).toBe(200);
    expect((await opening(admin.token)).status).toBe(200);
    expect((await opening(patient.token)).status).toBe(200);

    const acces = await until('the openings', () => accesSeenBy(patient.token), (all) => all.some(({ acteur }) => acteur === collegue.id));
    expect(acces.find(({ acteur, raison: why }) => acteur === collegue.id && why !== null)).toMatchObject({ acteur_username: collegue.username, acteur_role: 'medecin', raison, le: expect.stringMatching(/^\d{4}-/) });
    // Services that read the dossier are told too, by name and without an id.
    expect(new Set(acces.flatMap(({ acteur }) => acteur ?? []))).toEqual(new Set([suivant.id, collegue.id, admin.id]));
    expect(acces.filter(({ acteur }) => acteur === patient.id)).toEqual([]);
    expect((await accesSeenBy(admin.token)).length).toBeGreaterThanOrEqual(acces.length);
  });

  it('is in no list of a colleague, but found by its exact number', async () => {
    const { collegue, ailleurs, suivant } = comptes;
    const listed = (token: string, query = ''): Promise<{ count: number; results: Record<string, unknown>[] }> => must('GET', `${FICHES}?page_size=100${query}`, token);
    expect((await listed(collegue.token)).results).toEqual([]);
    expect((await listed(suivant.token)).results.map(({ id }) => id)).toEqual([fiche.id]);
    const exact = `&search=${fiche.numero_dossier}`;
    expect((await listed(collegue.token, exact)).results).toEqual([{ id: fiche.id, numero_dossier: fiche.numero_dossier, acces: 'motif_requis' }]);
    expect((await listed(collegue.token, exact.slice(0, -1))).results).toEqual([]);
    expect((await listed(ailleurs.token, exact)).results).toEqual([]);
  });

  it('takes the reason in the body as well', async () => {
    const superuser = await loginSuperuser();
    const autre = await createCompte(superuser, { role: 'medecin', etablissement });
    const edit = (more: object): Promise<Answer> => call('PATCH', `${FICHES}${fiche.id}/edit-diagnostic/`, { token: autre.token, body: { traitement: 'Paracétamol 1 g.', ...more } });
    expect((await edit({})).status).toBe(403);
    expect((await edit({ raison: 'Remplacement du Dr Kabongo' })).status).toBe(200);
    expect(await accesSeenBy(comptes.patient.token)).toEqual(expect.arrayContaining([expect.objectContaining({ acteur: autre.id, raison: 'Remplacement du Dr Kabongo' })]));
  });
});

describe('consent', () => {
  let medecin: Compte;
  let etablissement: number;
  let superuser: string;

  beforeAll(async () => {
    superuser = await loginSuperuser();
    etablissement = await createEtablissement(superuser, { consentement_ia: 'explicite' });
    medecin = await createCompte(superuser, { role: 'medecin', etablissement });
  });

  /** Posts a fiche with a word of its own. @returns how often a model read the word, and the fiche when its analysis has ended */
  async function asked(patient: Compte, reader = medecin): Promise<{ calls: number; fiche: Fiche }> {
    const word = `temoin${unique()}`;
    const body = await createFiche(patient.token, { telephone: patient.phone, motif_consultation: `Fièvre depuis trois jours, ${word}.` });
    const fiche = await analysedFiche(reader.token, body.id);
    return { calls: (await callsHolding(word)).length, fiche };
  }

  it('that must be explicit: no model is asked before it is given, nor after it is withdrawn', async () => {
    const patient = await createCompte(superuser, { role: 'patient', etablissement });
    const without = await asked(patient);
    expect([without.calls, without.fiche.diagnostic_ia]).toEqual([0, null]);
    expect(['rouge', 'orange', 'jaune', 'vert']).toContain(without.fiche['urgence']);
    expect((await conversationOf(medecin.token, without.fiche.id))?.messages.filter(({ role }) => VOICES.includes(role))).toEqual([]);
    expect((await validateFiche(medecin.token, without.fiche.id)).status).toBe(200);

    await must('POST', CONSENTEMENTS, patient.token, { finalite: 'analyse_ia', version: '2026-1' });
    const given = await asked(patient);
    expect(given.calls).toBeGreaterThanOrEqual(3);
    expect(given.fiche.diagnostic_ia).toContain('SIMULATION');

    await must('DELETE', CONSENTEMENTS, patient.token, { finalite: 'analyse_ia' });
    expect((await asked(patient)).calls).toBe(0);
    const kept = await must<{ results: Record<string, unknown>[] }>('GET', CONSENTEMENTS, patient.token);
    expect(kept.results).toEqual([expect.objectContaining({ finalite: 'analyse_ia', version: '2026-1', accorde_le: expect.any(String), retire_le: expect.any(String) })]);
  }, 120_000);

  it('that is presumed: a model is asked until the patient objects', async () => {
    const patient = await createCompte(superuser, { role: 'patient' });
    const reader = await createCompte(superuser, { role: 'medecin' });
    expect((await asked(patient, reader)).calls).toBeGreaterThanOrEqual(3);
    await must('DELETE', CONSENTEMENTS, patient.token, { finalite: 'analyse_ia' });
    const { calls, fiche } = await asked(patient, reader);
    expect([calls, fiche.diagnostic_ia]).toEqual([0, null]);
  }, 120_000);
});
