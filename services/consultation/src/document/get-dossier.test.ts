import { beforeEach, describe, expect, it } from '@jest/globals';
import { confrere, createWorld, medecin, patiente } from '../fiche/fixtures.memory.ts';

let world: ReturnType<typeof createWorld>;
let id: number;
beforeEach(async () => {
  world = createWorld();
  id = (await world.creer()).fiche.id;
  await world.analyser(id);
  await world.joindre(id, { references: [{ title: 'A' }, { title: 'B' }], resultats: [{ type_analyse: 'NFS', valeur: '1', date_prelevement: '2026-11-23' }] });
  await world.createFicheMessage({ acteur: patiente, id, content: 'Bonjour docteur' });
  await world.createFicheMessage({ acteur: medecin, id, content: 'Bonjour' });
});

describe('a dossier to take along', () => {
  it('holds the fiche and all that lies beside it, oldest first, with names', async () => {
    const { vue, messages, references, resultats, attachments } = await world.getDossier({ acteur: medecin, id });
    expect(vue).toMatchObject({ vue: 'medecin', fiche: { id, diagnostic_ia: 'SIMULATION. Synthèse.' } });
    expect(messages.map(({ content, username, nom }) => [content, username, nom])).toEqual([['Bonjour docteur', 'user1', 'Prénom1 Nom1'], ['Bonjour', 'user2', 'Prénom2 Nom2']]);
    expect(references.map(({ title }) => title)).toEqual(['A', 'B']);
    expect(resultats.map(({ type_analyse }) => type_analyse)).toEqual(['NFS']);
    expect(attachments).toEqual([]);
  });

  it('is the view of its reader: a patient finds no result, no red flag, nothing of an IA before it is published', async () => {
    await world.editDiagnostic({ acteur: medecin, id, textes: { diagnostic: 'Paludisme' } });
    const { vue } = await world.getDossier({ acteur: patiente, id });
    expect(vue).toMatchObject({ vue: 'patient', fiche: { diagnostic: null, diagnostic_ia: null, signes_alerte: [], news2: null } });
    await world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [] });
    expect((await world.getDossier({ acteur: patiente, id })).vue.fiche).toMatchObject({ diagnostic: 'Paludisme', diagnostic_ia: 'SIMULATION. Synthèse.' });
  });

  it('is noted, the patient apart, and a colleague gives a reason', async () => {
    world.fiches.actes.length = 0;
    await world.getDossier({ acteur: patiente, id });
    await world.getDossier({ acteur: medecin, id });
    expect(world.fiches.actes.map(({ acteur, action }) => [acteur?.id, action])).toEqual([[2, 'fiche.exporter_json']]);
    const { fiche } = await world.creer({}, { assignedMedecin: 2 });
    await expect(world.getDossier({ acteur: confrere, id: fiche.id })).rejects.toMatchObject({ code: 'acces.motif_requis' });
    expect((await world.getDossier({ acteur: confrere, id: fiche.id, motif: 'Garde' })).vue.fiche.id).toBe(fiche.id);
  });
});
