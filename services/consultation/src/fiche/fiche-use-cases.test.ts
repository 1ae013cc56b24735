import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@mediai/kit/errors';
import { admin, ailleurs, autrePatient, confrere, createWorld, enAttente, medecin, patiente, saisie, service } from './fixtures.memory.ts';
import type { Reponse } from './change-fiche.ts';

let world: ReturnType<typeof createWorld>;
beforeEach(() => {
  world = createWorld();
});

const code = (attendu: string) => expect.objectContaining({ code: attendu });
const vueDe = (reponse: Reponse) => {
  if (!('vue' in reponse)) throw new Error('replayed');
  return reponse.vue.fiche;
};

describe('creating', () => {
  it('gives a patient their fiche in en_analyse, with urgency and orientation and nothing of the rules', async () => {
    const { vue, fiche, orientation } = await world.creer();
    expect(vue).toBe('patient');
    expect(fiche).toMatchObject({ status: 'en_analyse', user: 1, numero_dossier: 'CONS-20261124-001', date_consultation: '2026-11-24', heure_debut: '08:15:30', etablissement_id: 1, version: 1, telephone_e164: '+243970000101' });
    expect(fiche.signes_alerte).toEqual([]);
    expect(orientation).toContain('+243810000112');
    expect(world.fiches.evenements.map(({ evenement }) => evenement)).toEqual([{ type: 'FicheCreated', taskId: fiche.analyse_task_id }]);
    expect(world.fiches.actes).toMatchObject([{ action: 'fiche.creer', acteur: { id: 1 } }]);
  });

  it('leaves the fiche that a médecin creates without an owner', async () => {
    const { vue, fiche } = await world.creer({}, { acteur: medecin });
    expect(vue).toBe('medecin');
    expect(fiche.user).toBeNull();
  });

  it('stores a comma decimal and a tension in cmHg in their normal form, and asks for the latter again', async () => {
    const { fiche } = await world.creer({ temperature: '38,5', tension_arterielle: '16/11' });
    expect(fiche).toMatchObject({ temperature: 38.5, tension_arterielle: '160/110' });
    expect(fiche.valeurs_a_verifier).toContainEqual(expect.objectContaining({ champ: 'tension_arterielle' }));
    const modifiee = vueDe(await world.updateFiche({ acteur: patiente, id: fiche.id, saisie: { pouls: 90 }, complet: false, textes: {} }));
    expect(modifiee.valeurs_a_verifier).toContainEqual(expect.objectContaining({ champ: 'tension_arterielle' }));
  });

  it('names every impossible, missing or future value in French', async () => {
    const faux = { ...saisie(), temperature: 101.8, tension_arterielle: '80/120', nom: null, date_naissance: '2030-01-01' };
    await expect(world.createFiche({ acteur: patiente, saisie: faux })).rejects.toMatchObject({
      kind: 'invalid', fields: { temperature: [expect.stringMatching(/^« Température » : .*entre 25 et 45/)], tension_arterielle: [expect.any(String)], nom: [expect.any(String)], date_naissance: [expect.stringContaining('futur')] },
    });
    expect(world.fiches.evenements).toEqual([]);
  });

  it('computes the age from the birth date where none was typed', async () => {
    const { fiche } = await world.creer({ age: null, date_naissance: '1992-11-25' });
    expect(fiche.age).toBe(33);
  });

  it('tells a red flag at once', async () => {
    const { fiche, orientation } = await world.creer({ motif_consultation: 'Convulsions cette nuit', date_naissance: '2023-10-01', age: 3, spo2: 85 });
    expect(fiche.urgence).toBe('rouge');
    expect(orientation).toMatch(/urgence/);
    expect((await world.relire(fiche.id)).signes_alerte.length).toBeGreaterThan(0);
  });

  it('assigns only an approved, available médecin of the établissement', async () => {
    expect((await world.creer({}, { assignedMedecin: 3 })).fiche.assigned_medecin).toBe(3);
    for (const id of [1, 4, 6, 8, 999]) await expect(world.creer({}, { assignedMedecin: id })).rejects.toMatchObject({ kind: 'invalid', fields: { assigned_medecin: [expect.any(String)] } });
  });

  it('saves the fiche unassigned while a chosen médecin cannot be verified', async () => {
    world = createWorld({ annuaire: { ...world.annuaire, trouverUtilisateur: async () => { throw new AppError('unavailable'); } } });
    const { fiche } = await world.creer({}, { assignedMedecin: 3 });
    expect(fiche.assigned_medecin).toBeNull();
    expect(world.fiches.actes[0]).toMatchObject({ raison: 'assignation.non_verifiee' });
  });

  it('is not for médecins without approval nor for services', async () => {
    await expect(world.creer({}, { acteur: enAttente })).rejects.toEqual(code('compte.en_attente'));
    await expect(world.creer({}, { acteur: service('ia') })).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('what a patient reads', () => {
  it('is nothing of an IA nor of the médecin before the validation, and what was published after it', async () => {
    const { fiche: { id } } = await world.creer();
    await world.editDiagnostic({ acteur: medecin, id, textes: { diagnostic: 'Paludisme' } });
    await world.analyser(id, { synthese: 'Première synthèse' });
    const lu = async () => (await world.getFiche({ acteur: patiente, id })).fiche;
    expect(await lu()).toMatchObject({ diagnostic_ia: null, diagnostic: null });
    expect((await world.getFiche({ acteur: medecin, id })).fiche).toMatchObject({ diagnostic_ia: 'Première synthèse', diagnostic: 'Paludisme' });

    await world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [] });
    expect(await lu()).toMatchObject({ diagnostic_ia: 'Première synthèse', diagnostic: 'Paludisme', status: 'valide_medecin' });

    await world.relancerFiche({ acteur: medecin, id });
    const deuxieme = await world.analyser(id, { synthese: 'Deuxième synthèse' });
    expect(await lu()).toMatchObject({ diagnostic_ia: 'Première synthèse', status: 'valide_medecin' });
    expect((await world.getFiche({ acteur: medecin, id })).fiche.diagnostic_ia).toBe('Deuxième synthèse');

    await world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [] });
    expect(await lu()).toMatchObject({ diagnostic_ia: 'Deuxième synthèse' });
    expect((await world.relire(id)).analyses_publiees).toContain(deuxieme);
  });
});

describe('access', () => {
  it('another patient and another établissement find nothing', async () => {
    const { fiche: { id } } = await world.creer();
    for (const acteur of [autrePatient, ailleurs]) await expect(world.getFiche({ acteur, id })).rejects.toEqual(code('fiche.introuvable'));
    await expect(world.getFiche({ acteur: patiente, id: 9999 })).rejects.toEqual(code('fiche.introuvable'));
  });

  it("a colleague's fiche needs a reason, which is audited and covers eight hours", async () => {
    const { fiche: { id } } = await world.creer({}, { assignedMedecin: 3 });
    await expect(world.getFiche({ acteur: medecin, id })).rejects.toEqual(code('acces.motif_requis'));
    await world.getFiche({ acteur: medecin, id, motif: 'Garde de nuit' });
    expect(world.fiches.actes.slice(-2)).toMatchObject([
      { action: 'fiche.acces_motive', raison: 'Garde de nuit', acteur: { id: 2 } },
      { action: 'fiche.lire', raison: 'Garde de nuit', acteur: { id: 2 } },
    ]);
    world.clock.advance(7.9 * 3600_000);
    await world.getFiche({ acteur: medecin, id });
    world.clock.advance(0.2 * 3600_000);
    await expect(world.getFiche({ acteur: medecin, id })).rejects.toEqual(code('acces.motif_requis'));
  });

  it('lists hold what each may see', async () => {
    await world.creer();
    await world.creer({}, { assignedMedecin: 3 });
    await world.creer({}, { acteur: autrePatient });
    const liste = async (acteur: typeof patiente) => (await world.listFiches({ acteur, status: [], urgence: [], assignedOnly: false, search: '', ordering: '', page: 1, pageSize: 20 })).vues.map(({ fiche }) => fiche.id);
    expect(await liste(patiente)).toEqual([2, 1]);
    expect(await liste(autrePatient)).toEqual([3]);
    expect(await liste(medecin)).toEqual([3, 1]);
    expect(await liste(confrere)).toEqual([3, 2, 1]);
    expect(await liste(admin)).toEqual([3, 2, 1]);
    expect(await liste(ailleurs)).toEqual([]);
    await expect(liste(enAttente)).rejects.toEqual(code('compte.en_attente'));
  });

  it('a page beyond the 10 000th row is refused', async () => {
    await expect(world.listFiches({ acteur: medecin, status: [], urgence: [], assignedOnly: false, search: '', ordering: '', page: 101, pageSize: 100 })).rejects.toEqual(code('pagination.trop_profonde'));
  });
});

describe('editing', () => {
  it("a patient's edits wait for the last of them, then one analysis is asked for", async () => {
    const { fiche: { id } } = await world.creer();
    await world.analyser(id);
    await expect(world.updateFiche({ acteur: patiente, id, saisie: { pouls: 90 }, complet: false, textes: {} })).rejects.toEqual(code('fiche.etat_invalide'));
    await world.rejectFiche({ acteur: medecin, id, commentaire: 'La tension manque.' });

    const editer = async (pouls: number) => vueDe(await world.updateFiche({ acteur: patiente, id, saisie: { pouls }, complet: false, textes: {} }));
    const premiere = await editer(90);
    expect(premiere).toMatchObject({ status: 'en_analyse', pouls: 90 });
    expect((await world.relire(id)).diagnostic_ia).toBeNull();
    world.clock.advance(3_000);
    const derniere = await editer(95);
    world.clock.advance(4_000);
    expect(await world.sweepAnalyses()).toMatchObject({ demandees: 0 });
    world.clock.advance(1_500);
    expect(await world.sweepAnalyses()).toMatchObject({ demandees: 1 });
    expect(await world.sweepAnalyses()).toMatchObject({ demandees: 0 });
    expect(world.fiches.evenements.filter(({ evenement }) => evenement.type === 'AnalyseRequested')).toEqual([expect.objectContaining({ evenement: { type: 'AnalyseRequested', taskId: derniere.analyse_task_id } })]);
  });

  it('raises urgency at once and never lowers it', async () => {
    const { fiche } = await world.creer({ spo2: 85 });
    expect(fiche.urgence).not.toBe('vert');
    const haute = fiche.urgence;
    const apres = vueDe(await world.updateFiche({ acteur: patiente, id: fiche.id, saisie: { spo2: 98 }, complet: false, textes: {} }));
    expect(apres.urgence).toBe(haute);
    const rouge = vueDe(await world.updateFiche({ acteur: patiente, id: fiche.id, saisie: { histoire_maladie: 'Convulsions répétées depuis ce matin, inconscient' }, complet: false, textes: {} }));
    expect(rouge.urgence).toBe('rouge');
  });

  it("ignores a patient's owner and result texts; a médecin's count", async () => {
    const { fiche: { id } } = await world.creer();
    await world.updateFiche({ acteur: patiente, id, saisie: {}, complet: false, user: 11, textes: { diagnostic: 'moi-même' } });
    expect(await world.relire(id)).toMatchObject({ user: 1, diagnostic: null, version: 1 });
    await world.updateFiche({ acteur: medecin, id, saisie: {}, complet: false, user: 11, textes: { diagnostic: 'Angine' } });
    expect(await world.relire(id)).toMatchObject({ user: 11, diagnostic: 'Angine', version: 2 });
    await expect(world.updateFiche({ acteur: medecin, id, saisie: {}, complet: false, user: 999, textes: {} })).rejects.toMatchObject({ fields: { user: [expect.any(String)] } });
  });

  it('PUT demands what is required, PATCH does not', async () => {
    const { fiche: { id } } = await world.creer();
    await expect(world.updateFiche({ acteur: patiente, id, saisie: { pouls: 90 }, complet: true, textes: {} })).rejects.toMatchObject({ fields: expect.objectContaining({ nom: [expect.any(String)] }) });
  });

  it('a version that is not the one read is told as stale', async () => {
    const { fiche: { id } } = await world.creer();
    await world.editDiagnostic({ acteur: medecin, id, textes: { diagnostic: 'A' }, versionAttendue: 1 });
    await expect(world.editDiagnostic({ acteur: medecin, id, textes: { diagnostic: 'B' }, versionAttendue: 1 })).rejects.toMatchObject({ kind: 'stale', code: 'fiche.version_perimee' });
  });

  it('no text at all, one too long or one that cannot be stored is refused', async () => {
    const { fiche: { id } } = await world.creer();
    await expect(world.editDiagnostic({ acteur: medecin, id, textes: {} })).rejects.toEqual(code('fiche.aucun_texte'));
    for (const diagnostic of ['x'.repeat(20_001), 'a\0b']) await expect(world.editDiagnostic({ acteur: medecin, id, textes: { diagnostic } })).rejects.toMatchObject({ fields: { diagnostic: [expect.any(String)] } });
  });

  it('the search finds a fiche by the name that an edit gave it', async () => {
    const { fiche: { id } } = await world.creer();
    await world.updateFiche({ acteur: patiente, id, saisie: { nom: 'Tshibandà' }, complet: false, textes: {} });
    const { vues } = await world.listFiches({ acteur: medecin, status: [], urgence: [], assignedOnly: false, search: 'TSHIBANDA 20261124', ordering: '', page: 1, pageSize: 20 });
    expect(vues.map(({ fiche }) => fiche.id)).toEqual([id]);
  });
});

describe('deciding', () => {
  it('records the red and orange flags that nobody acknowledged', async () => {
    const { fiche: { id } } = await world.creer({ spo2: 85 });
    const validee = vueDe(await world.validateFiche({ acteur: medecin, id, textes: { diagnostic: 'Pneumonie' }, analyses: [] }));
    expect(validee).toMatchObject({ status: 'valide_medecin', diagnostic: 'Pneumonie', medecin_validateur: 2, heure_fin: '08:15:30' });
    expect(validee.signes_non_acquittes.length).toBeGreaterThan(0);
  });

  it('a validated fiche cannot be rejected, nor a rejected one validated', async () => {
    const { fiche: { id } } = await world.creer();
    await world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [] });
    await expect(world.rejectFiche({ acteur: medecin, id, commentaire: 'non' })).rejects.toMatchObject({ kind: 'invalid', code: 'fiche.etat_invalide' });
    const { fiche: autre } = await world.creer();
    await world.rejectFiche({ acteur: medecin, id: autre.id, commentaire: 'À compléter' });
    await expect(world.validateFiche({ acteur: medecin, id: autre.id, textes: {}, analyses: [] })).rejects.toEqual(code('fiche.etat_invalide'));
    await expect(world.rejectFiche({ acteur: medecin, id: autre.id, commentaire: '  ' })).rejects.toMatchObject({ fields: { commentaire: [expect.any(String)] } });
  });

  it('publishes only finished analyses of this fiche', async () => {
    const { fiche: { id } } = await world.creer();
    const premiere = await world.analyser(id, { synthese: 'Un' });
    await world.relancerFiche({ acteur: medecin, id });
    await world.analyser(id, { synthese: 'Deux' });
    world.analyses.set(900, { id: 900, ficheId: 77, etat: 'terminee', synthese: "D'un autre", urgenceIa: null });
    await expect(world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [900] })).rejects.toEqual(code('fiche.analyse_inconnue'));
    await world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [premiere] });
    expect(await world.relire(id)).toMatchObject({ analyses_publiees: [premiere], diagnostic_ia_publie: 'Un', diagnostic_ia: 'Deux' });
  });

  it('needs no other service to validate with the latest analysis or none', async () => {
    world = createWorld({ lireAnalyse: async () => { throw new AppError('unavailable'); } });
    const { fiche: { id } } = await world.creer();
    expect(vueDe(await world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [] })).status).toBe('valide_medecin');
  });

  it('concurrent validation and rejection give one winner and one 409', async () => {
    const { fiche: { id } } = await world.creer();
    const issues = await Promise.allSettled([
      world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [] }),
      world.rejectFiche({ acteur: confrere, id, commentaire: 'À compléter' }),
    ]);
    expect(issues.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(issues.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'conflict', code: 'fiche.conflit' } });
  });

  it('an owner deletes what is not validated, an admin anything, and nobody sees it afterwards', async () => {
    const { fiche: { id } } = await world.creer();
    await world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [] });
    await expect(world.deleteFiche({ acteur: patiente, id })).rejects.toEqual(code('fiche.etat_invalide'));
    await expect(world.deleteFiche({ acteur: medecin, id })).rejects.toMatchObject({ kind: 'forbidden' });
    await world.deleteFiche({ acteur: admin, id });
    await expect(world.getFiche({ acteur: patiente, id })).rejects.toEqual(code('fiche.introuvable'));
    expect(world.fiches.evenements.at(-1)).toMatchObject({ evenement: { type: 'FicheDeleted' } });
  });
});

describe('telling the patient', () => {
  it('names the fiche alone: whom to tell, and a key for each content, notifications is told when it asks', async () => {
    const { fiche: { id } } = await world.creer();
    await world.validateFiche({ acteur: medecin, id, textes: { diagnostic: 'Paludisme' }, analyses: [] });
    expect(await world.sendNotification({ canal: 'whatsapp', acteur: medecin, id, forceResend: false })).toMatchObject({ envoye: { success: true, messageSid: 'SM1' } });
    expect(world.envois).toEqual([{ canal: 'whatsapp', ficheId: id, forceResend: false, etablissementId: 1 }]);
    const demander = () => world.getDestinataire({ acteur: service('notifications'), id });
    const premier = await demander();
    expect(premier.fiche).toMatchObject({ telephone_e164: '+243970000101', user: 1, prenom: 'Grâce', numero_dossier: 'CONS-20261124-001' });
    expect((await demander()).contenuCle).toBe(premier.contenuCle);
    await world.editDiagnostic({ acteur: medecin, id, textes: { diagnostic: 'Grippe' } });
    expect((await demander()).contenuCle).not.toBe(premier.contenuCle);
    for (const acteur of [medecin, service('ia'), service('appointments')]) await expect(world.getDestinataire({ acteur, id })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(world.sendNotification({ canal: 'whatsapp', acteur: patiente, id, forceResend: false })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('a fiche without a readable phone and without an owner cannot be told', async () => {
    const { fiche: { id } } = await world.creer({}, { acteur: medecin });
    await world.reprendre(id, { telephone: 'aucun', telephone_e164: null });
    await expect(world.sendNotification({ canal: 'whatsapp', acteur: medecin, id, forceResend: false })).rejects.toEqual(code('fiche.sans_telephone'));
  });
});
