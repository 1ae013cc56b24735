import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { admin, ailleurs, autrePatient, confrere, createWorld, enAttente, medecin, patiente } from '../fiche/fixtures.memory.ts';
import { enPieces, PDF, PNG, SVG } from '../fichier/fichiers.memory.ts';
import { ATTACHMENTS_MAX, lireDits, type Attachment } from './attachment.ts';

let world: ReturnType<typeof createWorld>;
let fiche: number;
beforeEach(async () => {
  world = createWorld();
  fiche = (await world.creer({}, { assignedMedecin: 2 })).fiche.id;
});

type Mots = { octets?: Uint8Array; nom?: string; note?: string; kind?: string; cle?: string; motif?: string };

async function joindre(acteur: Acteur, { octets = PDF, nom = 'Ordonnance.pdf', note, kind, cle, motif }: Mots = {}, id = fiche): Promise<Attachment> {
  const idempotence = cle === undefined ? undefined : ({ sha256 }: { sha256: Uint8Array }) => ({ route: 'CreateAttachment', cle, corps: sha256, ecrire: (un: Attachment) => Buffer.from(`pièce ${un.id}`) });
  const reponse = await world.createAttachment({ acteur, motif, nom, contenu: enPieces(octets), formulaire: () => ({ fiche: id, kind, note }), idempotence });
  if (!('vue' in reponse)) throw new Error(String(reponse.rejouee));
  return reponse.vue;
}

const code = (attendu: string) => expect.objectContaining({ code: attendu });
const page = { page: 1, pageSize: 20 };
const actions = () => world.journal.actes.map(({ action, issue = 'ok' }) => `${action} ${issue}`);

describe('what is said of an attachment', () => {
  it('is read, with blanks dropped and the default where nothing was said', () => {
    expect(lireDits({})).toEqual({ kind: 'other', note: null });
    expect(lireDits({ kind: ' xray ', note: ' Thorax ' })).toEqual({ kind: 'xray', note: 'Thorax' });
    expect(lireDits({ note: '' }, { kind: 'scan', note: 'avant' })).toEqual({ kind: 'scan', note: null });
    expect(lireDits({}, { kind: 'scan', note: 'avant' })).toEqual({ kind: 'scan', note: 'avant' });
  });

  it.each([[{ kind: 'virus' }, 'kind'], [{ note: 'x'.repeat(5_001) }, 'note'], [{ note: 'a\0b' }, 'note'], [{ note: 'a\ud83d' }, 'note']])('is refused by name (%#)', (saisis, champ) => {
    expect(() => lireDits(saisis)).toThrow(expect.objectContaining({ code: 'attachment.invalide', fields: { [champ]: [expect.any(String)] } }));
  });
});

describe('putting a file beside a fiche', () => {
  it('keeps file, row and act together', async () => {
    const attachment = await joindre(patiente, { note: 'De mars', kind: 'prescription' });
    expect(attachment).toMatchObject({ fiche, kind: 'prescription', note: 'De mars', auteur: 1, fichier: { nom: 'Ordonnance.pdf', typeMime: 'application/pdf', taille: PDF.byteLength } });
    expect([world.fichiers.etats(), [...world.depot.contenus.keys()]]).toEqual([{ [attachment.fichier.id]: 'garde' }, [attachment.fichier.cle]]);
    expect(actions()).toEqual(['fiche.creer ok', 'fiche.joindre ok']);
  });

  it('of someone whose role does not allow it reads nothing', async () => {
    let lus = 0;
    const contenu = (async function* () {
      lus += 1;
      yield PDF;
    })();
    await expect(world.createAttachment({ acteur: enAttente, nom: 'a.pdf', contenu, formulaire: () => ({ fiche }) })).rejects.toMatchObject({ code: 'compte.en_attente' });
    expect(lus).toBe(0);
  });

  it.each([
    ['a fiche that is not theirs', autrePatient, {}, 'fiche.introuvable'], ['a fiche of another établissement', ailleurs, {}, 'fiche.introuvable'], ['a colleague’s fiche without a reason', confrere, {}, 'acces.motif_requis'],
    ['a file that is refused', patiente, { octets: SVG }, 'fichier.type_refuse'], ['words that are refused', patiente, { kind: 'virus' }, 'attachment.invalide'],
  ] as const)('beside %s leaves nothing', async (_quoi, acteur, mots, attendu) => {
    await expect(joindre(acteur, mots)).rejects.toEqual(code(attendu));
    expect([world.fichiers.etats(), world.depot.contenus.size]).toEqual([{}, 0]);
    expect((await world.listAttachments({ acteur: admin, ...page })).pieces).toEqual([]);
  });

  it('without a file is refused by name', async () => {
    await expect(world.createAttachment({ acteur: patiente, nom: undefined, contenu: enPieces(PDF), formulaire: () => ({ fiche }) })).rejects.toMatchObject({ code: 'fichier.absent', fields: { file: [expect.any(String)] } });
  });

  it('a hundred times is enough, deleted ones included', async () => {
    for (let i = 0; i < ATTACHMENTS_MAX; i++) await joindre(patiente);
    await world.deleteAttachment({ acteur: patiente, id: 1 });
    await expect(joindre(patiente)).rejects.toEqual(code('attachment.trop_nombreux'));
    expect([Object.keys(world.fichiers.etats()).length, world.depot.contenus.size]).toEqual([ATTACHMENTS_MAX, ATTACHMENTS_MAX]);
  });

  it('a colleague with a reason may', async () => {
    expect((await joindre(confrere, { motif: 'Garde de nuit' })).auteur).toBe(3);
  });

  it('under the same key gives the first answer, and keeps one file', async () => {
    await joindre(patiente, { cle: 'k' });
    await expect(joindre(patiente, { cle: 'k' })).rejects.toThrow('pièce 1');
    await expect(joindre(patiente, { cle: 'k', octets: PNG })).rejects.toEqual(code('idempotence.autre_corps'));
    expect([Object.values(world.fichiers.etats()), world.depot.contenus.size]).toEqual([['garde'], 1]);
  });
});

describe('reading', () => {
  it('gives the file back to who may open the fiche, and notes it where the fiche is another’s', async () => {
    const { id } = await joindre(patiente);
    for (const acteur of [patiente, medecin, admin]) {
      const { fichier, octets } = await world.downloadAttachment({ acteur, id });
      const pieces: Uint8Array[] = [];
      for await (const piece of octets) pieces.push(piece);
      expect([fichier.nom, Buffer.concat(pieces).equals(PDF)]).toEqual(['Ordonnance.pdf', true]);
    }
    expect((await world.getAttachment({ acteur: confrere, id, motif: 'Garde' })).id).toBe(id);
    expect(actions().slice(2)).toEqual(['fiche.telecharger_attachment ok', 'fiche.telecharger_attachment ok', 'fiche.acces_motive ok', 'fiche.lire_attachment ok']);
  });

  it.each([[autrePatient, 'attachment.introuvable'], [ailleurs, 'attachment.introuvable'], [confrere, 'acces.motif_requis'], [enAttente, 'compte.en_attente']] as const)('refuses who may not (%#), as what is not there', async (acteur, attendu) => {
    const { id } = await joindre(patiente);
    for (const acte of [world.getAttachment, world.downloadAttachment]) await expect(acte({ acteur, id })).rejects.toEqual(code(attendu));
    if (attendu === 'attachment.introuvable') await expect(world.getAttachment({ acteur, id: 999 })).rejects.toEqual(code(attendu));
  });

  it('lists newest first what each may see without a reason, and notes others’ once an hour', async () => {
    const sien = await world.creer({}, { acteur: autrePatient });
    const [premiere, seconde] = [await joindre(patiente), await joindre(medecin)];
    const autre = await joindre(autrePatient, {}, sien.fiche.id);
    const vus = async (acteur: Acteur) => (await world.listAttachments({ acteur, ...page })).pieces.map(({ id }) => id);
    expect(await Promise.all([patiente, autrePatient, confrere, ailleurs].map(vus))).toEqual([[seconde.id, premiere.id], [autre.id], [autre.id], []]);
    expect(await vus(medecin)).toEqual([autre.id, seconde.id, premiere.id]);
    const deux = await world.listAttachments({ acteur: medecin, ...page, pageSize: 2 });
    expect(deux.pieces.map(({ id }) => id)).toEqual([autre.id, seconde.id]);
    expect((await world.listAttachments({ acteur: medecin, page: 9, pageSize: 2, cursor: deux.suite })).pieces.map(({ id }) => id)).toEqual([premiere.id]);
    await expect(world.listAttachments({ acteur: medecin, ...page, cursor: 'ailleurs' })).rejects.toEqual(code('pagination.curseur_invalide'));
    const avant = world.journal.actes.length;
    await vus(medecin);
    expect(world.journal.actes.length).toBe(avant);
    expect(world.journal.actes.filter(({ action, acteur }) => action === 'fiche.lister_attachments' && acteur?.id === 2).map(({ ficheId }) => ficheId).toSorted()).toEqual([fiche, sien.fiche.id].toSorted());
  });

  it('the list of one fiche is an opening of it', async () => {
    await joindre(patiente);
    await expect(world.listAttachments({ acteur: confrere, ficheId: fiche, ...page })).rejects.toEqual(code('acces.motif_requis'));
    await expect(world.listAttachments({ acteur: autrePatient, ficheId: fiche, ...page })).rejects.toEqual(code('fiche.introuvable'));
    expect((await world.listAttachments({ acteur: confrere, ficheId: fiche, motif: 'Garde', ...page })).count).toBe(1);
    expect(actions().at(-1)).toBe('fiche.lister_attachments ok');
  });
});

describe('changing and deleting', () => {
  const changer = (acteur: Acteur, id: number, note = 'Après') => world.updateAttachment({ acteur, id, dits: { note }, complet: false });

  it('a patient may with what they uploaded, while the fiche is not validated', async () => {
    const { id } = await joindre(patiente, { kind: 'scan' });
    expect(await changer(patiente, id)).toMatchObject({ vue: { kind: 'scan', note: 'Après' } });
    expect(await world.updateAttachment({ acteur: patiente, id, dits: { note: 'PUT' }, complet: true })).toMatchObject({ vue: { kind: 'other', note: 'PUT' } });
    await world.reprendre(fiche, { status: 'valide_medecin' });
    await expect(changer(patiente, id)).rejects.toEqual(code('fiche.etat_invalide'));
    await expect(world.deleteAttachment({ acteur: patiente, id })).rejects.toEqual(code('fiche.etat_invalide'));
    await world.deleteAttachment({ acteur: medecin, id });
    await expect(world.getAttachment({ acteur: patiente, id })).rejects.toEqual(code('attachment.introuvable'));
  });

  it('a patient may not with what others uploaded; médecins and admins of the fiche may with all', async () => {
    const { id } = await joindre(medecin);
    await expect(changer(patiente, id)).rejects.toMatchObject({ kind: 'forbidden', code: 'piece.pas_la_votre' });
    await expect(world.deleteAttachment({ acteur: patiente, id })).rejects.toMatchObject({ kind: 'forbidden' });
    const { id: sien } = await joindre(patiente);
    for (const acteur of [medecin, admin]) expect(await changer(acteur, sien, acteur.token)).toMatchObject({ vue: { note: acteur.token } });
  });

  it('deleting keeps the bytes: nothing of a dossier is destroyed', async () => {
    const { id, fichier } = await joindre(patiente);
    await world.deleteAttachment({ acteur: patiente, id });
    expect([world.fichiers.etats(), world.depot.contenus.has(fichier.cle)]).toEqual([{ [fichier.id]: 'garde' }, true]);
    expect(actions().at(-1)).toBe('fiche.supprimer_attachment ok');
    await expect(world.deleteAttachment({ acteur: patiente, id })).rejects.toEqual(code('attachment.introuvable'));
  });
});
