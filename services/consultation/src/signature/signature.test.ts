import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { fixedClock } from '@mediai/testing';
import { randomUUID } from 'node:crypto';
import { admin, autrePatient, confrere, createWorld, enAttente, medecin, patiente } from '../fiche/fixtures.memory.ts';
import type { Reponse } from '../fiche/change-fiche.ts';
import type { UpdateFiche } from '../fiche/update-fiche.ts';
import { enPieces, JPEG, PDF, PNG, SVG } from '../fichier/fichiers.memory.ts';
import { createJetonsSignature } from './jeton-signature.ts';

let world: ReturnType<typeof createWorld>;
let id: number;
beforeEach(async () => {
  world = createWorld();
  id = (await world.creer({}, { assignedMedecin: 2 })).fiche.id;
});

const vueDe = (reponse: Reponse) => {
  if (!('vue' in reponse)) throw new Error('replayed');
  return reponse.vue;
};
const signer = async (acteur: Acteur, octets: Uint8Array = PNG, plus: Partial<UpdateFiche> = {}) =>
  vueDe(await world.signFiche({ acteur, nom: 'signature.png', contenu: enPieces(octets), formulaire: () => ({ acteur, id, saisie: {}, complet: false, textes: {}, ...plus }) }));
const retirer = async (acteur: Acteur) => vueDe(await world.updateFiche({ acteur, id, saisie: {}, complet: false, textes: {}, signature: null }));
const jetonDe = (adresse: string | null | undefined): string => /\/api\/v1\/signatures\/([\w-]+)\/$/.exec(adresse ?? '')?.[1] ?? '';
const code = (attendu: string) => expect.objectContaining({ code: attendu });

describe('signing', () => {
  it('keeps the image with what else changes, in one act, and tells where it can be seen', async () => {
    const vue = await signer(medecin, PNG, { textes: { diagnostic: 'Paludisme simple' } });
    expect(vue.fiche).toMatchObject({ diagnostic: 'Paludisme simple', version: 2, signature_medecin: expect.any(String) });
    expect(vue.signature).toMatch(/^https:\/\/mediai\.example\/api\/v1\/signatures\/[\w-]+\/$/);
    expect(world.journal.actes.map(({ action }) => action)).toEqual(['fiche.creer', 'fiche.signer']);
    const { fichier, octets } = await world.downloadSignature(jetonDe(vue.signature));
    const pieces: Uint8Array[] = [];
    for await (const piece of octets) pieces.push(piece);
    expect([fichier.typeMime, Buffer.concat(pieces).equals(PNG)]).toEqual(['image/png', true]);
  });

  it.each([[patiente, undefined], [autrePatient, undefined], [enAttente, 'compte.en_attente']] as const)('is not for whose role it is not: nothing is read (%#)', async (acteur, attendu) => {
    await expect(signer(acteur)).rejects.toMatchObject({ kind: 'forbidden', ...(attendu ? { code: attendu } : {}) });
    expect(world.fichiers.etats()).toEqual({});
  });

  it('a colleague needs a reason; an admin may', async () => {
    await expect(signer(confrere)).rejects.toEqual(code('acces.motif_requis'));
    expect((await signer(confrere, PNG, { motif: 'Garde' })).signature).toBeTruthy();
    expect((await signer(admin)).signature).toBeTruthy();
  });

  it.each([[PDF, 'fichier.type_refuse'], [SVG, 'fichier.type_refuse'], [new Uint8Array(), 'fichier.vide'], [Buffer.concat([PNG, Buffer.alloc(2 * 1024 * 1024)]), 'fichier.trop_grand']] as const)('takes PNG and JPEG up to 2 MB only (%#)', async (octets, attendu) => {
    await expect(signer(medecin, octets)).rejects.toMatchObject({ code: attendu, fields: { signature_medecin: [expect.any(String)] } });
    expect([world.fichiers.etats(), (await world.relire(id)).version]).toEqual([{}, 1]);
  });

  it('keeps nothing where the fiche has changed since it was read', async () => {
    await expect(signer(medecin, PNG, { versionAttendue: 7 })).rejects.toEqual(code('fiche.version_perimee'));
    expect([world.fichiers.etats(), world.depot.contenus.size]).toEqual([{}, 0]);
  });

  it('again releases the image that was there, whose address then shows nothing', async () => {
    const avant = await signer(medecin);
    const apres = await signer(medecin, JPEG);
    expect(Object.values(world.fichiers.etats()).toSorted()).toEqual(['a_supprimer', 'garde']);
    await expect(world.downloadSignature(jetonDe(avant.signature))).rejects.toMatchObject({ kind: 'not_found' });
    expect((await world.downloadSignature(jetonDe(apres.signature))).fichier.typeMime).toBe('image/jpeg');
  });

  it('without an image is a change like any other', async () => {
    const reponse = await world.signFiche({ acteur: medecin, nom: undefined, contenu: enPieces(PNG), formulaire: () => ({ acteur: medecin, id, saisie: {}, complet: false, textes: { traitement: 'Repos' } }) });
    expect(vueDe(reponse).fiche).toMatchObject({ traitement: 'Repos', signature_medecin: null });
  });
});

describe('a signature', () => {
  it('is seen by the patient once the fiche is validated', async () => {
    await signer(medecin);
    expect(await world.getFiche({ acteur: patiente, id })).toMatchObject({ signature: null, fiche: { signature_medecin: null } });
    expect((await world.getFiche({ acteur: medecin, id })).signature).toBeTruthy();
    await world.reprendre(id, { status: 'valide_medecin' });
    expect((await world.getFiche({ acteur: patiente, id })).signature).toContain('/api/v1/signatures/');
  });

  it('is taken away by who cares for the fiche, never by its patient', async () => {
    await signer(medecin);
    await retirer(patiente);
    expect((await world.relire(id)).signature_medecin).not.toBeNull();
    expect((await retirer(medecin)).fiche).toMatchObject({ signature_medecin: null, version: 3 });
    expect(Object.values(world.fichiers.etats())).toEqual(['a_supprimer']);
    expect((await retirer(medecin)).fiche.version).toBe(3);
  });
});

describe('the address of a signature', () => {
  const clock = fixedClock('2026-11-24T08:15:30Z');
  const jetons = createJetonsSignature({ cle: 'clé', publicUrl: 'https://mediai.example/', clock: clock.now });
  const fichier = randomUUID();

  it('is the same for some minutes, good for some more, and then shows nothing', () => {
    const adresse = jetons.adresse(fichier);
    expect(jetons.lire(jetonDe(adresse))).toBe(fichier);
    clock.advance(4 * 60_000);
    expect(jetons.adresse(fichier)).toBe(adresse);
    clock.advance(60_000);
    expect(jetons.adresse(fichier)).not.toBe(adresse);
    clock.advance(9 * 60_000);
    expect(jetons.lire(jetonDe(adresse))).toBe(fichier);
    clock.advance(60_000);
    expect(jetons.lire(jetonDe(adresse))).toBeUndefined();
  });

  it('cannot be made, altered or written otherwise', () => {
    const jeton = jetonDe(jetons.adresse(fichier));
    const autre = createJetonsSignature({ cle: 'autre', publicUrl: 'https://mediai.example', clock: clock.now });
    for (const faux of ['', 'a', jeton.slice(1), `${jeton}A`, `${jeton.startsWith('A') ? 'B' : 'A'}${jeton.slice(1)}`, `${jeton.slice(0, -1)}${jeton.endsWith('A') ? 'B' : 'A'}`, `${jeton}=`, jeton.replace(/^./, '%'), jetonDe(autre.adresse(fichier))]) expect(jetons.lire(faux)).toBeUndefined();
    expect(jetons.lire(jeton)).toBe(fichier);
  });
});
