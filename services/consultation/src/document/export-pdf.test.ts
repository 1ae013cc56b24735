import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@mediai/kit/errors';
import { admin, autrePatient, confrere, createWorld, enAttente, medecin, patiente } from '../fiche/fixtures.memory.ts';
import type { DocumentImprime } from './document.ts';

let world: ReturnType<typeof createWorld>;
let id: number;
const TEXTES = { diagnostic: 'Paludisme simple', traitement: 'Artéméther', examen_complementaire: 'Radiographie', recommandations: 'Repos strict' };
const SECRETS = [...Object.values(TEXTES), 'SIMULATION'];

beforeEach(async () => {
  world = createWorld();
  id = (await world.creer({ temperature: '39,4' })).fiche.id;
  await world.analyser(id);
});

async function imprimer(acteur = patiente): Promise<DocumentImprime> {
  await world.exportPdf({ acteur, id });
  return world.imprimes.at(-1)!;
}
const valider = () => world.validateFiche({ acteur: medecin, id, textes: TEXTES, analyses: [] });
const mots = (document: DocumentImprime): string => JSON.stringify(document);

describe('the document of a fiche', () => {
  it('that is not validated says so, tells its patient what to do, and holds no result for them', async () => {
    await world.editDiagnostic({ acteur: medecin, id, textes: TEXTES });
    const document = await imprimer();
    expect(document.bandeau).toMatchObject({ titre: 'Document non validé' });
    expect(document.orientation).toContain('+243810000112');
    expect(document).toMatchObject({ textes: [], ia: null, validation: null, urgence: null });
    for (const mot of SECRETS) expect(mots(document)).not.toContain(mot);
  });

  it('is verified where people reach the suite, below a path as well', async () => {
    world = createWorld({ publicUrl: 'https://hopital.example/mediai/' });
    id = (await world.creer()).fiche.id;
    expect((await imprimer()).verification).toMatch(/^https:\/\/hopital\.example\/mediai\/api\/v1\/verification\/[\w-]{32}\/$/);
  });

  it('shows a médecin the red flags above, their texts, and what models wrote as such', async () => {
    await world.editDiagnostic({ acteur: medecin, id, textes: TEXTES });
    const document = await imprimer(medecin);
    expect(document.bandeau?.detail).toContain('ne la remettez pas au patient');
    expect(document.urgence).toMatchObject({ niveau: expect.any(String), signes: expect.any(Array) });
    expect(document.textes.map(({ titre }) => titre)).toEqual(['Diagnostic', 'Traitement', 'Examens complémentaires', 'Recommandations']);
    expect(document.ia).toMatchObject({ texte: 'SIMULATION. Synthèse.', mention: expect.stringContaining('Texte écrit par une IA') });
    expect(document.orientation).toBeNull();
  });

  it('that is validated tells its patient everything, with who validated it and when', async () => {
    await valider();
    const document = await imprimer();
    expect(document).toMatchObject({ bandeau: null, orientation: null, validation: { medecin: 'Prénom2 Nom2', date: '24/11/2026 à 08:15', signee: false, signature: null }, etablissement: 'Centre Kampemba', telephoneUrgence: '+243810000112' });
    for (const mot of SECRETS) expect(mots(document)).toContain(mot);
  });

  it('holds nothing of an analysis that came after the validation', async () => {
    await valider();
    await world.relancerFiche({ acteur: medecin, id });
    await world.analyser(id, { synthese: 'Autre synthèse' });
    expect(mots(await imprimer())).not.toContain('Autre synthèse');
    expect(mots(await imprimer(medecin))).toContain('Autre synthèse');
  });

  it('that was rejected says what the médecin asks for', async () => {
    await world.rejectFiche({ acteur: medecin, id, commentaire: 'La tension manque.' });
    const document = await imprimer();
    expect(document.textes).toEqual([{ titre: 'Ce que le médecin demande', texte: 'La tension manque.' }]);
    expect(document.bandeau).not.toBeNull();
  });

  it('reads a synthesis as it was written, not as it is kept for pages', async () => {
    await world.relancerFiche({ acteur: medecin, id });
    await world.analyser(id, { synthese: 'SpO2 &lt; 90 % &amp; pouls &gt; 120 &amp;lt;' });
    expect((await imprimer(medecin)).ia?.texte).toBe('SpO2 < 90 % & pouls > 120 &lt;');
  });

  it('carries units, marks of what is to be verified, references and results', async () => {
    const { fiche } = await world.creer({ temperature: '42,5' });
    id = fiche.id;
    expect(fiche.valeurs_a_verifier[0]?.champ).toBe('temperature');
    const vitaux = (await imprimer()).sections.find(({ forme }) => forme === 'mesures');
    expect(vitaux?.lignes[0]).toEqual({ libelle: 'Température', valeur: '42,5 °C', aVerifier: fiche.valeurs_a_verifier[0]?.motif });
    await world.joindre(id, {
      references: [{ title: 'Guide', url: 'https://x.example/g', source: 'has', authors: 'A. B.', year: 2025, journal: 'Revue' }],
      resultats: [{ type_analyse: 'Hémoglobine', valeur: '8,1', unite: 'g/dL', valeurs_normales: '12-16', date_prelevement: '2026-11-23', laboratoire: 'Labo', commentaire: 'Pâle' }],
    });
    expect(await imprimer()).toMatchObject({
      references: [{ titre: 'Guide', detail: 'A. B.. Revue, 2025. HAS (Haute Autorité de Santé)', url: 'https://x.example/g' }],
      resultats: [{ date: '23/11/2026', analyse: 'Hémoglobine', valeur: '8,1 g/dL', normales: '12-16', detail: 'Labo\nPâle' }],
    });
  });

  it('is never endless: the latest 200 results and references, and how many more there are', async () => {
    await world.joindre(id, { references: Array.from({ length: 203 }, (_, i) => ({ title: `T${i}` })) });
    const { references, omis } = await imprimer();
    expect([references.length, references[0]?.titre, references.at(-1)?.titre, omis]).toEqual([200, 'T3', 'T202', { resultats: 0, references: 3 }]);
  });

  it('bears the hospital that was typed, or MediAI, where the établissement has no name yet', async () => {
    const sansNom = { ...world.annuaire, etablissement: async (un: number) => ({ ...(await world.annuaire.etablissement(un)), nom: null }) };
    world = createWorld({ annuaire: sansNom });
    id = (await world.creer({ nom_hopital: 'Hôpital Sendwe' })).fiche.id;
    expect((await imprimer()).etablissement).toBe('Hôpital Sendwe');
    id = (await world.creer({ nom_hopital: '' })).fiche.id;
    expect((await imprimer()).etablissement).toBe('MediAI');
  });

  it('carries the signature of the médecin once validated, and none before', async () => {
    await valider();
    await world.reprendre(id, { signature_medecin: 'perdue' });
    expect((await imprimer()).validation).toMatchObject({ signee: true, signature: null });
    await world.signer(id, new Uint8Array([1, 2, 3]));
    expect((await imprimer()).validation?.signature).toEqual(Buffer.from([1, 2, 3]));
    await world.reprendre(id, { status: 'analyse_terminee' });
    expect((await imprimer(medecin)).validation).toBeNull();
  });
});

describe('who prints a fiche', () => {
  it('is told its file name', async () => {
    const { numero_dossier: numero } = await world.relire(id);
    expect((await world.exportPdf({ acteur: patiente, id })).nom).toBe(`fiche_${numero}.pdf`);
  });

  it('is noted, the patient apart, and a colleague gives a reason', async () => {
    world.fiches.actes.length = 0;
    await world.exportPdf({ acteur: patiente, id });
    await world.exportPdf({ acteur: medecin, id });
    await world.exportPdf({ acteur: admin, id });
    expect(world.fiches.actes.map(({ acteur, action }) => [acteur?.id, action])).toEqual([[2, 'fiche.exporter_pdf'], [5, 'fiche.exporter_pdf']]);
    const { fiche } = await world.creer({}, { assignedMedecin: 2 });
    await expect(world.exportPdf({ acteur: confrere, id: fiche.id })).rejects.toMatchObject({ code: 'acces.motif_requis' });
    await world.exportPdf({ acteur: confrere, id: fiche.id, motif: 'Garde' });
    expect(world.fiches.actes.at(-1)).toMatchObject({ action: 'fiche.exporter_pdf', raison: 'Garde' });
  });

  it.each([['another patient', autrePatient, 'not_found'], ['a médecin who waits', enAttente, 'forbidden']])('is not %s', async (_, acteur, kind) => {
    await expect(world.exportPdf({ acteur, id })).rejects.toMatchObject({ kind });
    expect(world.imprimes).toEqual([]);
  });

  it('is noted for what is handed over, not for what could not be drawn', async () => {
    const occupe = new AppError('unavailable', 'document.occupe');
    const plein = createWorld();
    const monde = createWorld({ documents: { ...plein.documents, dessiner: () => Promise.reject(occupe) } });
    const { fiche } = await monde.creer();
    monde.fiches.actes.length = 0;
    await expect(monde.exportPdf({ acteur: medecin, id: fiche.id })).rejects.toBe(occupe);
    expect(monde.fiches.actes).toEqual([]);
  });
});
