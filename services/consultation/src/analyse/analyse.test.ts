import { beforeEach, describe, expect, it } from '@jest/globals';
import { createWorld, medecin, patiente, service } from '../fiche/fixtures.memory.ts';

let world: ReturnType<typeof createWorld>;
let id: number;
beforeEach(async () => {
  world = createWorld();
  id = (await world.creer()).fiche.id;
});

const fin = async (plus: object = {}) => {
  const fiche = await world.relire(id);
  return { eventId: crypto.randomUUID(), analyseId: 50, ficheId: id, ficheVersion: fiche.version, taskId: fiche.analyse_task_id ?? '', echec: null, ...plus };
};

describe('the end of an analysis', () => {
  it('ends the wait and is shown to the médecin', async () => {
    await world.analyser(id, { id: 50, synthese: 'Synthèse' });
    expect(await world.relire(id)).toMatchObject({ status: 'analyse_terminee', diagnostic_ia: 'Synthèse', derniere_analyse: 50, urgence_ia: 'jaune', analyse_en_cours: false });
    expect(world.fiches.evenements.at(-1)).toMatchObject({ evenement: { type: 'FicheAnalysed', analyseId: 50 } });
  });

  it('raises urgency and never lowers it', async () => {
    const avant = (await world.relire(id)).urgence;
    await world.analyser(id, { urgenceIa: 'vert' });
    expect((await world.relire(id)).urgence).toBe(avant);
    await world.relancerFiche({ acteur: medecin, id });
    await world.analyser(id, { urgenceIa: 'rouge' });
    expect((await world.relire(id)).urgence).toBe('rouge');
    await world.relancerFiche({ acteur: medecin, id });
    await world.analyser(id, { urgenceIa: 'jaune' });
    expect(await world.relire(id)).toMatchObject({ urgence: 'rouge', urgence_ia: 'jaune' });
  });

  it('is taken once, however often it is delivered', async () => {
    const eventId = crypto.randomUUID();
    await world.analyser(id, { id: 50 }, eventId);
    const { version } = await world.relire(id);
    await world.analyser(id, { id: 50 }, eventId);
    expect((await world.relire(id)).version).toBe(version);
  });

  it('changes nothing when it is of an edited fiche or of an older task', async () => {
    const ancienne = await fin();
    world.analyses.set(50, { id: 50, ficheId: id, etat: 'terminee', synthese: 'Périmée', urgenceIa: 'rouge' });
    await world.updateFiche({ acteur: patiente, id, saisie: { pouls: 91 }, complet: false, textes: {} });
    await world.takeAnalyse(ancienne);
    expect(await world.relire(id)).toMatchObject({ status: 'en_analyse', diagnostic_ia: null });
    await world.takeAnalyse(await fin({ ficheVersion: 1 }));
    expect(await world.relire(id)).toMatchObject({ status: 'en_analyse', diagnostic_ia: null });
  });

  it('leaves a validated fiche validated, with its texts', async () => {
    await world.validateFiche({ acteur: medecin, id, textes: { diagnostic: 'Paludisme' }, analyses: [] });
    await world.analyser(id, { synthese: 'Autre avis' });
    expect(await world.relire(id)).toMatchObject({ status: 'valide_medecin', diagnostic: 'Paludisme', diagnostic_ia: 'Autre avis', diagnostic_ia_publie: null });
  });

  it('that failed ends the wait and says why, to médecins only', async () => {
    await world.takeAnalyse(await fin({ echec: 'analyse.aucune_voix' }));
    expect(await world.relire(id)).toMatchObject({ status: 'analyse_terminee', diagnostic_ia: null, analyse_echec_code: 'analyse.aucune_voix' });
    expect((await world.getFiche({ acteur: patiente, id })).fiche.analyse_echec_code).toBeNull();
    expect((await world.getFiche({ acteur: medecin, id })).fiche.analyse_echec_code).toBe('analyse.aucune_voix');
  });

  it('of a fiche that is no more is passed over', async () => {
    await expect(world.takeAnalyse(await fin({ ficheId: 4242 }))).resolves.toBeUndefined();
  });
});

describe('an analysis without a result', () => {
  it('has failed after ten minutes, and its late result is still taken', async () => {
    const tardive = await fin();
    world.analyses.set(50, { id: 50, ficheId: id, etat: 'terminee', synthese: 'Tardive', urgenceIa: null });
    world.clock.advance(9 * 60_000);
    expect(await world.sweepAnalyses()).toMatchObject({ echues: 0 });
    world.clock.advance(61_000);
    expect(await world.sweepAnalyses()).toMatchObject({ echues: 1 });
    expect(await world.relire(id)).toMatchObject({ status: 'analyse_terminee', analyse_echec_code: 'analyse.delai' });
    expect(await world.sweepAnalyses()).toMatchObject({ echues: 0 });
    await world.takeAnalyse(tardive);
    expect(await world.relire(id)).toMatchObject({ diagnostic_ia: 'Tardive', analyse_echec_code: null });
  });
});

describe('relaunching', () => {
  const tache = async () => {
    const reponse = await world.relancerFiche({ acteur: medecin, id });
    if (!('vue' in reponse)) throw new Error('replayed');
    return reponse.vue.fiche;
  };

  it('while an analysis runs answers its task', async () => {
    const { analyse_task_id } = await world.relire(id);
    expect((await tache()).analyse_task_id).toBe(analyse_task_id);
    expect(world.fiches.evenements).toHaveLength(1);
  });

  it('asks for a new one and keeps a validated fiche validated', async () => {
    await world.analyser(id);
    expect((await tache()).status).toBe('en_analyse');
    await world.analyser(id);
    await world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [] });
    expect((await tache()).status).toBe('valide_medecin');
    expect(world.fiches.evenements.at(-1)).toMatchObject({ evenement: { type: 'AnalyseRequested' } });
  });
});

describe('what the models may see', () => {
  it('is for ia alone, and holds nothing that identifies', async () => {
    await expect(world.getFicheClinique({ acteur: medecin, id })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(world.getFicheClinique({ acteur: service('notifications'), id })).rejects.toMatchObject({ kind: 'forbidden' });
    const { lignes, iaPermise, fiche } = await world.getFicheClinique({ acteur: service('ia'), id });
    expect(iaPermise).toBe(true);
    expect(fiche.version).toBe(1);
    const texte = JSON.stringify(lignes);
    for (const identite of ['Kabongo', 'Mwamba', '970000101', 'Makutano', 'Vendeuse', 'Patrick']) expect(texte).not.toContain(identite);
    expect(texte).toContain('34 ans');
  });
});
