import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { admin, ailleurs, autrePatient, confrere, createWorld, enAttente, medecin, patiente } from '../fiche/fixtures.memory.ts';
import { cleDuTitre, lireReference, type Reference, type SaisieReference } from './reference.ts';

const saisie: SaisieReference = { title: ' Paludisme grave ', url: 'https://pubmed.ncbi.nlm.nih.gov/1/', source: 'pubmed', authors: '', year: 2021 };
const neuve = { complet: true, annee: 2026 };
const page = { page: 1, pageSize: 20 };

describe('a reference', () => {
  it('is read with its defaults; a change reads what was sent alone', () => {
    expect(lireReference(saisie, neuve)).toEqual({ title: 'Paludisme grave', url: 'https://pubmed.ncbi.nlm.nih.gov/1/', source: 'pubmed', authors: null, year: 2021, journal: null });
    expect(lireReference({ title: 'T', source: null }, neuve)).toMatchObject({ source: 'other', year: null, url: null });
    expect(lireReference({ year: null, source: '' }, { complet: false, annee: 2026 })).toEqual({ year: null, source: 'other' });
    expect(lireReference({}, { complet: false, annee: 2026 })).toEqual({});
    expect(lireReference({ title: 'T', year: 2027 }, neuve)).toMatchObject({ year: 2027 });
    expect(lireReference({ title: 'T', year: 1800 }, neuve)).toMatchObject({ year: 1800 });
  });

  it.each([
    [{}, ['title']], [{ title: '  ' }, ['title']], [{ title: 'x'.repeat(256) }, ['title']], [{ title: 'a\0' }, ['title']], [{ title: 'T', url: 'javascript:alert(1)' }, ['url']], [{ title: 'T', url: 'ftp://a/b' }, ['url']],
    [{ title: 'T', url: 'pubmed.org' }, ['url']], [{ title: 'T', url: 'https://moi:mot@a.cd/' }, ['url']], [{ title: 'T', url: 'https://a b' }, ['url']], [{ title: 'T', url: `https://a.cd/${'x'.repeat(2000)}` }, ['url']],
    [{ title: 'T', source: 'blog' }, ['source']], [{ title: 'T', source: 'constructor' }, ['source']], [{ title: 'T', year: 1799 }, ['year']], [{ title: 'T', year: 2028 }, ['year']], [{ title: 'T', year: 1999.5 }, ['year']],
    [{ title: 'T', authors: 'x'.repeat(501), journal: 'x'.repeat(256) }, ['authors', 'journal']],
  ] as [SaisieReference, string[]][])('%j is refused by %j', (faux, champs) => {
    expect(() => lireReference(faux, neuve)).toThrow(expect.objectContaining({ kind: 'invalid', fields: Object.fromEntries(champs.map((champ) => [champ, [expect.any(String)]])) }));
  });

  it('has one title whatever its case, accents and blanks', () => {
    expect(cleDuTitre('  Fièvre   TYPHOÏDE ')).toBe(cleDuTitre('fievre typhoide'));
    expect(cleDuTitre('Choléra')).not.toBe(cleDuTitre('Choléra 2'));
  });
});

describe('references of a fiche', () => {
  let world: ReturnType<typeof createWorld>;
  let id: number;
  beforeEach(async () => {
    world = createWorld();
    id = (await world.creer()).fiche.id;
    world.fiches.actes.length = 0;
  });
  async function ajouter(acteur: Acteur, title: string, plus: object = {}): Promise<Reference> {
    const reponse = await world.createReference({ acteur, id, saisie: { title }, ...plus });
    if (!('vue' in reponse)) throw new Error('replayed');
    return reponse.vue;
  }
  const notes = () => world.fiches.actes.map(({ acteur, action, issue = 'ok' }) => [acteur?.id, action, issue]);

  it('are added by its patient and médecins, and listed newest first to both', async () => {
    await ajouter(patiente, 'Un');
    await ajouter(medecin, 'Deux');
    expect((await world.listFicheReferences({ acteur: patiente, id })).map(({ title }) => title)).toEqual(['Deux', 'Un']);
    expect(await world.listReferences({ acteur: medecin, ficheId: id, ...page })).toMatchObject({ count: 2, countExact: true, pieces: [{ title: 'Deux' }, { title: 'Un' }] });
    expect(notes()).toEqual([[1, 'fiche.ajouter_reference', 'ok'], [2, 'fiche.ajouter_reference', 'ok'], [2, 'fiche.lister_references', 'ok']]);
  });

  it('with a title that the fiche has already are refused by that field', async () => {
    const { id: reference } = await ajouter(patiente, 'Fièvre typhoïde');
    await ajouter(patiente, 'Choléra');
    const refus = { kind: 'invalid', code: 'reference.titre_double', fields: { title: ['Cette fiche a déjà une référence de ce titre.'] } };
    await expect(ajouter(medecin, 'FIEVRE TYPHOIDE')).rejects.toMatchObject(refus);
    await expect(world.updateReference({ acteur: patiente, id: reference, saisie: { title: 'choléra' }, complet: false })).rejects.toMatchObject(refus);
  });

  it('of a médecin a patient only reads; their own they change while the fiche is not validated', async () => {
    const sienne = await ajouter(patiente, 'Sienne');
    const autre = await ajouter(medecin, 'Du médecin');
    expect(await world.getReference({ acteur: patiente, id: autre.id })).toMatchObject({ title: 'Du médecin' });
    const changer = (acteur: Acteur, reference: number) => world.updateReference({ acteur, id: reference, saisie: { journal: 'Med Trop' }, complet: false });
    await expect(changer(patiente, autre.id)).rejects.toMatchObject({ kind: 'forbidden', code: 'piece.pas_la_votre' });
    await expect(world.deleteReference({ acteur: patiente, id: autre.id })).rejects.toMatchObject({ code: 'piece.pas_la_votre' });
    expect(await changer(patiente, sienne.id)).toMatchObject({ vue: { title: 'Sienne', journal: 'Med Trop' } });
    await world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [] });
    await expect(changer(patiente, sienne.id)).rejects.toMatchObject({ kind: 'invalid', code: 'fiche.etat_invalide' });
    await expect(world.deleteReference({ acteur: patiente, id: sienne.id })).rejects.toMatchObject({ code: 'fiche.etat_invalide' });
    expect(await changer(confrere, sienne.id)).toMatchObject({ vue: { id: sienne.id } });
    await world.deleteReference({ acteur: admin, id: sienne.id });
    await expect(world.getReference({ acteur: patiente, id: sienne.id })).rejects.toMatchObject({ code: 'reference.introuvable' });
  });

  it('of another’s fiche are not there, as those that are not', async () => {
    const { id: reference } = await ajouter(patiente, 'Un');
    const refus = await Promise.all([autrePatient, ailleurs].flatMap((acteur) => [reference, 9999].map((une) => world.getReference({ acteur, id: une }).catch((error: unknown) => error))));
    for (const un of refus) expect(un).toMatchObject({ kind: 'not_found', code: 'reference.introuvable', detail: 'Référence introuvable.' });
    await expect(world.getReference({ acteur: enAttente, id: 9999 })).rejects.toMatchObject({ code: 'compte.en_attente' });
    await expect(world.listReferences({ acteur: autrePatient, ficheId: id, ...page })).rejects.toMatchObject({ kind: 'not_found', code: 'fiche.introuvable' });
  });

  it('of a colleague’s fiche need a reason, which covers all under it', async () => {
    id = (await world.creer({}, { assignedMedecin: 3 })).fiche.id;
    const { id: reference } = await ajouter(patiente, 'Un');
    await expect(world.getReference({ acteur: medecin, id: reference })).rejects.toMatchObject({ code: 'acces.motif_requis' });
    await world.getReference({ acteur: medecin, id: reference, motif: 'Garde' });
    expect(await world.listReferences({ acteur: medecin, ficheId: id, ...page })).toMatchObject({ count: 1 });
    expect(await world.listReferences({ acteur: medecin, ...page })).toMatchObject({ count: 0 });
    expect(await world.listReferences({ acteur: confrere, ...page })).toMatchObject({ count: 1 });
  });

  it('of all fiches in reach are an opening of each that is not one’s own, once an hour', async () => {
    await ajouter(patiente, 'Un');
    await ajouter(patiente, 'Deux');
    world.fiches.actes.length = 0;
    expect(await world.listReferences({ acteur: patiente, ...page })).toMatchObject({ count: 2 });
    expect(await world.listReferences({ acteur: ailleurs, ...page })).toMatchObject({ count: 0 });
    expect(notes()).toEqual([]);
    await world.listReferences({ acteur: medecin, ...page });
    await world.listReferences({ acteur: medecin, ...page });
    expect(notes()).toEqual([[2, 'fiche.lister_references', 'ok']]);
    await expect(world.listReferences({ acteur: medecin, page: 101, pageSize: 100 })).rejects.toMatchObject({ code: 'pagination.trop_profonde' });
  });
});
