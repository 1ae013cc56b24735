import { beforeEach, describe, expect, it } from '@jest/globals';
import { admin, ailleurs, createWorld, medecin, patiente } from '../../fiche/fixtures.memory.ts';
import { createJetons, hashJeton } from './verification.ts';

let world: ReturnType<typeof createWorld>;
let id: number;
const texte = (octets: Uint8Array): string => new TextDecoder().decode(octets);

beforeEach(async () => {
  world = createWorld();
  id = (await world.creer()).fiche.id;
  await world.analyser(id);
  await world.validateFiche({ acteur: medecin, id, textes: { diagnostic: 'Paludisme' }, analyses: [] });
});

/** The code that a new printing carries: the drawing of this world is its address. */
async function imprimer(acteur = patiente): Promise<string> {
  const adresse = texte((await world.exportPdf({ acteur, id })).octets);
  expect(adresse).toMatch(/^https:\/\/mediai\.example\/api\/v1\/verification\/[\w-]{32}\/$/);
  return adresse.split('/').at(-2)!;
}
const statut = async (jeton: string): Promise<string> => (await world.verifyDocument(jeton)).statut;

describe('the code of a document', () => {
  it('is that of its content: the same is printed under the same, another reader\'s under another', async () => {
    const premier = await imprimer();
    const emisLe = world.clock.now();
    world.clock.advance(3_600_000);
    expect(await imprimer()).toBe(premier);
    expect(await world.verifyDocument(premier)).toEqual({ statut: 'authentique', emisLe });
    const second = await imprimer(medecin);
    expect(second).not.toBe(premier);
    expect(await statut(second)).toBe('authentique');
  });

  it('counts no more once the fiche says something else, and again once it says the same', async () => {
    const jeton = await imprimer();
    await world.editDiagnostic({ acteur: medecin, id, textes: { diagnostic: 'Autre' } });
    expect(await statut(jeton)).toBe('revoque');
    const nouveau = await imprimer();
    expect(nouveau).not.toBe(jeton);
    expect(await statut(nouveau)).toBe('authentique');
    await world.editDiagnostic({ acteur: medecin, id, textes: { diagnostic: 'Paludisme' } });
    expect([await statut(jeton), await statut(nouveau)]).toEqual(['authentique', 'revoque']);
  });

  it('counts no more with a reference added, nor for what a médecin printed once there is a newer synthesis', async () => {
    const [dePatient, deMedecin] = [await imprimer(), await imprimer(medecin)];
    await world.relancerFiche({ acteur: medecin, id });
    await world.analyser(id, { synthese: 'Autre synthèse' });
    expect([await statut(dePatient), await statut(deMedecin)]).toEqual(['authentique', 'revoque']);
    await world.joindre(id, { references: [{ title: 'T' }] });
    expect(await statut(dePatient)).toBe('revoque');
  });

  it('of a patient counts on when the urgency rises after the decision: their document does not tell it', async () => {
    const [dePatient, deMedecin] = [await imprimer(), await imprimer(medecin)];
    await world.reprendre(id, { urgence: 'rouge' });
    expect([await statut(dePatient), await statut(deMedecin)]).toEqual(['authentique', 'revoque']);
  });

  it('counts no more once the fiche is deleted', async () => {
    const jeton = await imprimer();
    await world.deleteFiche({ acteur: admin, id });
    expect(await statut(jeton)).toBe('revoque');
  });

  it('does not depend on who can be named now, nor on how the établissement is called', async () => {
    const jeton = await imprimer();
    world.users.clear();
    expect(await imprimer()).toBe(jeton);
  });

  it.each(['', 'x', 'a'.repeat(32), 'é'.repeat(32), 'a'.repeat(31) + '\n', 'x'.repeat(10_000)])('is not any text', async (jeton) => {
    await expect(world.verifyDocument(jeton)).rejects.toMatchObject({ kind: 'not_found', code: 'verification.introuvable' });
  });

  it('cannot be made of what the table keeps without the key', () => {
    const [notres, leurs] = [createJetons('ours'), createJetons('theirs')];
    const { sel, jetonHash } = notres.tirer();
    expect(hashJeton(notres.deriver(sel))).toEqual(jetonHash);
    expect(notres.deriver(sel)).not.toBe(leurs.deriver(sel));
    expect(new Set(Array.from({ length: 100 }, () => notres.deriver(notres.tirer().sel))).size).toBe(100);
  });
});

describe('a revocation', () => {
  it('takes every document of the fiche, is noted, and what is printed afterwards counts', async () => {
    const jetons = [await imprimer(), await imprimer(medecin)];
    world.fiches.actes.length = 0;
    expect(await world.revokeVerifications({ acteur: medecin, id })).toEqual({ revoques: 2 });
    expect(world.fiches.actes.map(({ acteur, action }) => [acteur?.id, action])).toEqual([[2, 'fiche.revoquer_documents']]);
    expect(await Promise.all(jetons.map(statut))).toEqual(['revoque', 'revoque']);
    const nouveau = await imprimer();
    expect(jetons).not.toContain(nouveau);
    expect(await statut(nouveau)).toBe('authentique');
    expect(await world.revokeVerifications({ acteur: admin, id })).toEqual({ revoques: 1 });
  });

  it('is for médecins and admins of the établissement', async () => {
    await expect(world.revokeVerifications({ acteur: patiente, id })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(world.revokeVerifications({ acteur: ailleurs, id })).rejects.toMatchObject({ kind: 'not_found' });
  });
});
