import { afterEach, describe, expect, test } from '@jest/globals';
import { AppError, unavailable } from '@mediai/kit/errors';
import { fixedClock } from '@mediai/testing';
import { createClamd, sansScanner } from './clamd-client.ts';
import { EICAR, startClamd } from './clamd.memory.ts';
import { createDepotMemory } from './depot.memory.ts';
import { createDeposerFichier } from './deposer-fichier.ts';
import { DOCUMENTS, IMAGES_SIGNATURE, nomPropre, REGLES_DOCUMENT, typeDe, type TypeFichier } from './fichier.ts';
import { createMemoryFichiers } from './fichier-store.memory.ts';
import { DICOM, enPieces, GIF, HEIC, HTML, JPEG, PDF, PNG, SVG, WEBP, ZIP } from './fichiers.memory.ts';
import { createLireFichier } from './lire-fichier.ts';
import type { DepotFichiers, Octets, Scanner } from './ports.ts';
import { createSweepFichiers, DELAI_ENVOI_MS } from './sweep-fichiers.ts';

const regles = { ...REGLES_DOCUMENT, champ: 'file' };
const pdf = DOCUMENTS.find(({ mime }) => mime === 'application/pdf') as TypeFichier;

describe('what a file is', () => {
  test.each([['image/png', PNG], ['image/jpeg', JPEG], ['application/pdf', PDF], ['image/gif', GIF], ['image/webp', WEBP], ['image/heic', HEIC], ['application/dicom', DICOM]])('%s is told by its first bytes', async (mime, octets) => {
    expect((await typeDe(octets, DOCUMENTS))?.mime).toBe(mime);
  });

  const dicomExecutable = Buffer.concat([Buffer.from('MZ'), DICOM.subarray(2)]);
  test.each([
    ['an SVG with a script', SVG], ['HTML', HTML], ['a ZIP named .pdf', ZIP], ['text', Buffer.from('bonjour')], ['a program', Buffer.from('MZ\x90\0\x03')], ['a DICOM that is a program too', dicomExecutable],
    ['a PDF behind something else', Buffer.concat([HTML, PDF])], ['a ZIP with a PDF behind', Buffer.concat([ZIP, PDF])], ['one byte', Buffer.from([0xff])], ['nothing', Buffer.alloc(0)], ['zeros', Buffer.alloc(5_000)],
  ])('%s is none that is taken', async (_quoi, octets) => {
    expect(await typeDe(octets, DOCUMENTS)).toBeUndefined();
  });

  test('a PNG with a long profile before its image is one', async () => {
    const profil = Buffer.concat([Buffer.from([0, 0, 0x40, 0]), Buffer.from('iCCP'), Buffer.alloc(0x4004)]);
    expect((await typeDe(Buffer.concat([PNG.subarray(0, 33), profil, PNG.subarray(33)]).subarray(0, 4_100), DOCUMENTS))?.mime).toBe('image/png');
  });

  test('a signature is an image that browsers show', async () => {
    expect(await typeDe(PNG, IMAGES_SIGNATURE)).toBeDefined();
    for (const octets of [GIF, HEIC, PDF, DICOM]) expect(await typeDe(octets, IMAGES_SIGNATURE)).toBeUndefined();
  });
});

describe('a name to keep a file under', () => {
  test.each([
    ['ordonnance.pdf', 'ordonnance.pdf'], ['Résultat du 3 mai.PDF', 'Résultat du 3 mai.pdf'], ['../../etc/passwd', 'passwd.pdf'], ['..%2f..%2Fetc%2fpasswd', 'passwd.pdf'], ['%2e%2e%2fx.pdf', 'x.pdf'], ['C:\\Windows\\system.ini', 'system.ini.pdf'],
    ['photo.exe', 'photo.exe.pdf'], ['a\r\nSet-Cookie: x.pdf', 'aSet-Cookie_ x.pdf'], ['\u202efdp.exe', 'fdp.exe.pdf'], ['a\0.pdf', 'a.pdf'], ['..', 'fichier.pdf'], ['', 'fichier.pdf'], ['.pdf', 'pdf.pdf'], ['.htaccess', 'htaccess.pdf'], ['a|b<c>?.pdf', 'a_b_c__.pdf'], ['a\ud83d.pdf', 'a_.pdf'],
  ])('of %j is %j', (nom, propre) => {
    expect(nomPropre(nom, pdf)).toBe(propre);
  });

  test('is at most 150 characters long, with its extension', () => {
    for (const nom of [`${'é'.repeat(400)}.pdf`, '🩺'.repeat(200), 'x'.repeat(400)]) {
      const propre = nomPropre(nom, pdf);
      expect(propre.length).toBeLessThanOrEqual(150);
      expect(propre).toMatch(/\.pdf$/);
      expect(propre.isWellFormed()).toBe(true);
    }
  });
});

function atelier({ scanner = sansScanner, depot = createDepotMemory() }: { scanner?: Scanner; depot?: DepotFichiers & { contenus: Map<string, Buffer> } } = {}) {
  const clock = fixedClock('2026-11-24T08:15:30+02:00');
  const fichiers = createMemoryFichiers({ clock: clock.now });
  const fichier = createDeposerFichier({ fichiers, depot, scanner });
  const sweep = createSweepFichiers({ fichiers, depot, clock: clock.now });
  return { clock, fichiers, depot, ...fichier, sweep, lire: createLireFichier({ fichiers, depot }), deposerCe: (contenu: Octets, nom = 'a.pdf') => fichier.deposer({ contenu, nom, etablissementId: 1, regles }) };
}

describe('an upload', () => {
  test('is kept with what it is, and read again', async () => {
    const { fichiers, deposerCe, lire } = atelier();
    const depose = await deposerCe(enPieces(PDF, 7), '../Ordonnance.exe');
    expect(depose).toMatchObject({ nom: 'Ordonnance.exe.pdf', typeMime: 'application/pdf', extension: 'pdf', taille: PDF.byteLength });
    expect(Object.values(fichiers.etats())).toEqual(['en_cours']);
    await expect(lire(depose.id)).rejects.toMatchObject({ code: 'fichier.introuvable' });
    fichiers.garder(depose);
    const { fichier, octets } = await lire(depose.id);
    const pieces: Uint8Array[] = [];
    for await (const piece of octets) pieces.push(piece);
    expect([fichier.nom, Buffer.concat(pieces).equals(PDF)]).toEqual(['Ordonnance.exe.pdf', true]);
  });

  test.each([['fichier.type_refuse', SVG], ['fichier.type_refuse', ZIP], ['fichier.vide', Buffer.alloc(0)], ['fichier.trop_grand', Buffer.concat([PDF, Buffer.alloc(10 * 1024 * 1024)])]])('that is refused (%s) leaves neither bytes nor a row', async (code, octets) => {
    const { fichiers, depot, deposerCe } = atelier();
    await expect(deposerCe(enPieces(octets))).rejects.toMatchObject({ kind: 'invalid', code, fields: { file: [expect.any(String)] } });
    expect([[...depot.contenus.keys()], fichiers.etats()]).toEqual([[], {}]);
  });

  test('of 10 MB passes, and of one that is larger nothing more is read', async () => {
    const { deposerCe } = atelier();
    const exact = Buffer.concat([PDF, Buffer.alloc(10 * 1024 * 1024 - PDF.byteLength)]);
    expect((await deposerCe(enPieces(exact))).taille).toBe(10 * 1024 * 1024);
    let lus = 0;
    const sansFin = (async function* () {
      yield PDF;
      for (;;) {
        lus += 1;
        yield Buffer.alloc(1024 * 1024);
      }
    })();
    await expect(deposerCe(sansFin)).rejects.toMatchObject({ code: 'fichier.trop_grand' });
    expect(lus).toBe(10);
  });

  test('that breaks leaves neither bytes nor a row, and its error passes', async () => {
    const { fichiers, depot, deposerCe } = atelier();
    const coupe = new AppError('deadline', 'requete.annulee');
    const contenu = (async function* () {
      yield PDF;
      throw coupe;
    })();
    await expect(deposerCe(contenu)).rejects.toBe(coupe);
    expect([[...depot.contenus.keys()], fichiers.etats()]).toEqual([[], {}]);
  });

  test('whose act fails, or does not keep it, goes at once', async () => {
    const { fichiers, depot, avec } = atelier();
    const envoi = () => ({ contenu: enPieces(PDF), nom: 'a.pdf', etablissementId: 1, regles });
    const faute = new AppError('conflict');
    await expect(avec(envoi(), async () => Promise.reject(faute))).rejects.toBe(faute);
    expect(await avec(envoi(), async () => ({ reponse: 'rejouée', garde: false }))).toBe('rejouée');
    expect([[...depot.contenus.keys()], fichiers.etats()]).toEqual([[], {}]);
    await avec(envoi(), async (depose) => (fichiers.garder(depose), { reponse: null, garde: true }));
    expect([depot.contenus.size, Object.values(fichiers.etats())]).toEqual([1, ['garde']]);
  });

  test('stays where the act kept it and only its answer was lost', async () => {
    const { fichiers, depot, avec } = atelier();
    const coupee = unavailable();
    await expect(avec({ contenu: enPieces(PDF), nom: 'a.pdf', etablissementId: 1, regles }, async (depose) => {
      fichiers.garder(depose);
      throw coupee;
    })).rejects.toBe(coupee);
    expect([depot.contenus.size, Object.values(fichiers.etats())]).toEqual([1, ['garde']]);
  });

  test('that cannot be deleted now is deleted by the sweep', async () => {
    const depot = createDepotMemory();
    let estParti = true;
    const dur = { ...depot, supprimer: async (cle: string) => (estParti ? Promise.reject(unavailable()) : depot.supprimer(cle)) };
    const { fichiers, clock, deposerCe, sweep } = atelier({ depot: dur, scanner: { examiner: () => Promise.reject(unavailable()) } });
    await expect(deposerCe(enPieces(PDF))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(depot.contenus.size).toBe(1);
    estParti = false;
    clock.advance(DELAI_ENVOI_MS + 1);
    expect(await sweep()).toBe(1);
    expect([depot.contenus.size, fichiers.etats()]).toEqual([0, {}]);
  });
});

describe('the sweep', () => {
  test('deletes what a killed process left after an hour, and what was released at once; never what is kept', async () => {
    const { clock, fichiers, depot, deposerCe, sweep } = atelier();
    const [garde, relache] = [await deposerCe(enPieces(PDF)), await deposerCe(enPieces(PNG))];
    for (const depose of [garde, relache]) fichiers.garder(depose);
    await fichiers.commencer('0192', 1); // killed in the middle: a row, and half of the bytes
    await depot.ecrire('fichiers/0192', enPieces(PDF));
    fichiers.relacher(relache.id);
    expect(await sweep()).toBe(1);
    expect([...depot.contenus.keys()].toSorted()).toEqual([garde.cle, 'fichiers/0192'].toSorted());
    clock.advance(DELAI_ENVOI_MS + 1);
    expect(await sweep()).toBe(1);
    expect([...depot.contenus.keys()]).toEqual([garde.cle]);
    expect(fichiers.etats()).toEqual({ [garde.id]: 'garde' });
  });

  test('a file that cannot be deleted holds up no other', async () => {
    const depot = createDepotMemory();
    const dur = { ...depot, supprimer: async (cle: string) => (cle === 'fichiers/0001' ? Promise.reject(unavailable()) : depot.supprimer(cle)) };
    const { clock, fichiers, sweep } = atelier({ depot: dur });
    for (const id of ['0001', '0002']) await fichiers.commencer(id, 1);
    clock.advance(DELAI_ENVOI_MS + 1);
    await expect(sweep()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(Object.keys(fichiers.etats())).toEqual(['0001']);
  });

  test('what the sweep has taken can no longer be kept', async () => {
    const { clock, fichiers, deposerCe } = atelier();
    const depose = await deposerCe(enPieces(PDF));
    clock.advance(DELAI_ENVOI_MS + 1);
    await fichiers.aSupprimer(clock.now(), 10);
    expect(() => fichiers.garder(depose)).toThrow(AppError);
  });
});

describe('a scanner', () => {
  let clamd: Awaited<ReturnType<typeof startClamd>> | undefined;
  afterEach(async () => {
    await clamd?.close();
    clamd = undefined;
  });
  const infecte = Buffer.concat([PDF, Buffer.from(EICAR)]);

  test('sees the whole file, and an infected one is refused and gone', async () => {
    clamd = await startClamd();
    const { fichiers, depot, deposerCe } = atelier({ scanner: createClamd({ adresse: clamd.adresse }) });
    const grand = Buffer.concat([PDF, Buffer.alloc(300_000)]);
    expect((await deposerCe(enPieces(grand))).taille).toBe(grand.byteLength);
    expect(clamd.vus).toEqual([grand.byteLength]);
    await expect(deposerCe(enPieces(infecte))).rejects.toMatchObject({ kind: 'invalid', code: 'fichier.infecte' });
    expect([depot.contenus.size, Object.keys(fichiers.etats()).length]).toEqual([1, 1]);
  });

  test.each(['INSTREAM size limit exceeded. ERROR', 'stream: FOUND OK?', ''])('that answers %j has not said that the file is clean: nothing is kept', async (dire) => {
    clamd = await startClamd();
    clamd.dire = dire;
    const { depot, deposerCe } = atelier({ scanner: createClamd({ adresse: clamd.adresse }) });
    await expect(deposerCe(enPieces(PDF))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(depot.contenus.size).toBe(0);
  });

  test('that is away makes the upload wait for another day: 503, nothing is kept', async () => {
    const { depot, fichiers, deposerCe } = atelier({ scanner: createClamd({ adresse: '127.0.0.1:1' }) });
    await expect(deposerCe(enPieces(PDF))).rejects.toMatchObject({ kind: 'unavailable' });
    expect([depot.contenus.size, fichiers.etats()]).toEqual([0, {}]);
  });

  test('that goes away in the middle is away', async () => {
    clamd = await startClamd();
    clamd.muet = true;
    const { deposerCe } = atelier({ scanner: createClamd({ adresse: clamd.adresse }) });
    const envoi = deposerCe(enPieces(PDF)).catch((thrown: unknown) => thrown);
    setTimeout(() => void clamd?.close(), 50);
    expect(await envoi).toMatchObject({ kind: 'unavailable' });
  });
});
