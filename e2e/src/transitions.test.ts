import { beforeAll, describe, expect, it } from '@jest/globals';
import { createCompte, createEtablissement, type Compte } from './accounts.ts';
import { call, loginSuperuser, until } from './client.ts';
import { analysedFiche, createFiche, readFiche } from './fiche.ts';

const FICHES = '/api/v1/fiche-consultation/';
const RIVALS = 12;

describe('two who decide at once', () => {
  let patient: Compte;
  let medecin: Compte;
  let confrere: Compte;

  beforeAll(async () => {
    const superuser = await loginSuperuser();
    const etablissement = await createEtablissement(superuser);
    [patient, medecin, confrere] = await Promise.all((['patient', 'medecin', 'medecin'] as const).map((role) => createCompte(superuser, { role, etablissement }))) as [Compte, Compte, Compte];
  }, 60_000);

  it('of a validation and a rejection one wins, the other is told that it lost, and the fiche is what the winner made of it', async () => {
    const fiches = await Promise.all(Array.from({ length: RIVALS }, () => createFiche(patient.token, { telephone: patient.phone })));
    for (const { id } of fiches) {
      await analysedFiche(medecin.token, id);
      const [validation, rejet] = await Promise.all([
        call('POST', `${FICHES}${id}/validate/`, { token: medecin.token, body: { diagnostic: 'Paludisme simple.' } }),
        call('POST', `${FICHES}${id}/reject/`, { token: confrere.token, body: { commentaire: 'La tension manque.' } }),
      ]);
      const gagnant = validation.status === 200 ? 'valide_medecin' : 'rejete_medecin';
      const perdant = validation.status === 200 ? rejet : validation;
      expect([validation.status, rejet.status].filter((status) => status === 200)).toHaveLength(1);
      // Whoever came after the winner was done finds a state that is not for it; whoever decided on the same version lost the race.
      expect([400, 409]).toContain(perdant.status);
      expect(['fiche.etat_invalide', 'fiche.conflit']).toContain(perdant.body['code']);
      expect((await readFiche(medecin.token, id)).status).toBe(gagnant);
    }
  });

  it('of edits of one version one is written, the others are told what they have missed', async () => {
    const { id } = await createFiche(patient.token, { telephone: patient.phone });
    await analysedFiche(medecin.token, id);
    const lue = await call('GET', `${FICHES}${id}/`, { token: medecin.token });
    const version = { 'if-match': lue.headers.get('etag') ?? '' };
    const issues = await Promise.all(Array.from({ length: 8 }, (_, i) => call('PATCH', `${FICHES}${id}/edit-diagnostic/`, { token: i % 2 ? medecin.token : confrere.token, body: { diagnostic: `Avis ${i}` }, headers: version })));
    expect(issues.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412, 412, 412, 412, 412]);
    const ecrit = issues.findIndex(({ status }) => status === 200);
    expect((await readFiche(medecin.token, id))['diagnostic']).toBe(`Avis ${ecrit}`);
  });

  it('an edit by the patient makes what the models said of the fiche before void, and is analysed anew', async () => {
    const { id } = await createFiche(patient.token, { telephone: patient.phone });
    await call('POST', `${FICHES}${id}/reject/`, { token: medecin.token, body: { commentaire: 'La température manque.' } });
    const edite = await call('PATCH', `${FICHES}${id}/`, { token: patient.token, body: { temperature: '39,4' } });
    expect(edite).toMatchObject({ status: 200, body: { status: 'en_analyse', temperature: 39.4, diagnostic_ia: null } });
    expect((await readFiche(medecin.token, id)).diagnostic_ia).toBeNull();
    const analysee = await analysedFiche(medecin.token, id);
    expect(analysee.diagnostic_ia).toContain('SIMULATION');
    expect((await call('PATCH', `${FICHES}${id}/`, { token: patient.token, body: { temperature: 37 } })).status).toBe(400);
  });
});

describe('a list that is long', () => {
  it('is read to its end by its links, each fiche once, and searched without regard to accents', async () => {
    const superuser = await loginSuperuser();
    const etablissement = await createEtablissement(superuser, { consentement_ia: 'explicite' });
    const patient = await createCompte(superuser, { role: 'patient', etablissement });
    const medecin = await createCompte(superuser, { role: 'medecin', etablissement });
    const posted: number[] = [];
    for (let i = 0; i < 23; i++) posted.push((await createFiche(patient.token, { telephone: patient.phone, prenom: i === 7 ? 'Béatrice-Éloïse' : 'Grâce' })).id);
    // Nothing moves in the list any more once every analysis has ended.
    await until('the end of the analyses', async () => (await call('GET', `${FICHES}?status=en_analyse`, { token: medecin.token })).body['count'], (count) => count === 0);
    for (const ordering of ['', '&ordering=created_at', '&ordering=-urgence']) {
      const read: number[] = [];
      let cursor = '';
      for (let url: string | null = `${FICHES}?page_size=5${ordering}`; url !== null; ) {
        const { body }: { body: { count: number; next: string | null; results: { id: number }[] } } = await call('GET', url, { token: medecin.token });
        expect(body.count).toBe(23);
        read.push(...body.results.map(({ id }) => id));
        url = body.next && body.next.slice(new URL(body.next).origin.length);
        cursor ||= url ?? '';
      }
      expect(read.toSorted((a, b) => a - b)).toEqual(posted);
      expect(cursor).toContain('page=2');
    }
    const found = await call<{ results: { id: number }[] }>('GET', `${FICHES}?search=beatrice+ELOISE`, { token: medecin.token });
    expect(found.body.results.map(({ id }) => id)).toEqual([posted[7]]);
    expect((await call('GET', `${FICHES}?cursor=nimporte`, { token: medecin.token }))).toMatchObject({ status: 400, body: { code: 'pagination.curseur_invalide' } });
    expect((await call('GET', `${FICHES}?deleted=true`, { token: medecin.token })).body['count']).toBe(23);
  });
});
