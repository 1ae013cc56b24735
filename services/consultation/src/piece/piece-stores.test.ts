import { beforeEach, describe, expect, it } from '@jest/globals';
import { lireFiche, type FicheValeurs } from '@mediai/fiche';
import { ficheComplete, fixedClock } from '@mediai/testing';
import { PrismaPg } from '@prisma/adapter-pg';
import { createMemoryJournal } from '../acces/journal.memory.ts';
import { createMemoryAttachments } from '../attachment/attachment-store.memory.ts';
import { createAttachmentStore, type AttachmentStore } from '../attachment/attachment-store.ts';
import { useDatabase } from '../database.memory.ts';
import { nouvelleFiche } from '../fiche/build-fiche.ts';
import { createMemoryFiches } from '../fiche/fiche-store.memory.ts';
import { createFicheStore } from '../fiche/fiche-store.ts';
import { cleDe } from '../fichier/fichier.ts';
import { createMemoryFichiers } from '../fichier/fichier-store.memory.ts';
import { createFichierStore } from '../fichier/fichier-store.ts';
import type { FichierDepose, FichierStore } from '../fichier/ports.ts';
import type { Fiche, NouvelleFiche } from '../fiche/fiche.ts';
import { medecin, patiente } from '../fiche/fixtures.memory.ts';
import type { FicheStore } from '../fiche/ports.ts';
import { regles } from '../fiche/regles.ts';
import { PrismaClient } from '../generated/prisma/client.ts';
import { createHistorique } from '../historique/changement-store.ts';
import type { Historique } from '../historique/list-historique.ts';
import type { EcritureLabResult, LabResult, ValeursLabResult } from '../lab/lab-result.ts';
import { createMemoryLabResults } from '../lab/lab-store.memory.ts';
import { createLabStore } from '../lab/lab-store.ts';
import { lirePlace } from '@mediai/kit/page';
import { createMemoryMessages } from '../message/message-store.memory.ts';
import { createMessageStore } from '../message/message-store.ts';
import type { Message } from '../message/message.ts';
import type { MessageStore } from '../message/ports.ts';
import type { Reference, ValeursReference } from '../reference/reference.ts';
import { createMemoryReferences } from '../reference/reference-store.memory.ts';
import { createReferenceStore } from '../reference/reference-store.ts';
import type { Attachment } from '../attachment/attachment.ts';
import type { EcriturePiece, EffetsPiece, PieceStore } from './piece.ts';

const clock = fixedClock('2026-11-24T08:15:30+02:00');
const options = { secret: 'a secret of tests only', clock: clock.now, committed: (types: readonly string[]) => void annonces.push(...types) };
const annonces: string[] = [];
const database = useDatabase();

type Stores = { fiches: FicheStore; historique: Historique; messages: MessageStore; references: PieceStore<Reference, ValeursReference>; results: PieceStore<LabResult, EcritureLabResult>; attachments: AttachmentStore; fichiers: FichierStore };
function enMemoire(): Stores {
  const journal = createMemoryJournal({ clock: clock.now });
  const fiches = createMemoryFiches({ clock: clock.now, journal });
  const parts = { fiches, journal, clock: clock.now };
  const fichiers = createMemoryFichiers({ clock: clock.now });
  return { fiches, historique: fiches.historique, messages: createMemoryMessages(parts), references: createMemoryReferences(parts), results: createMemoryLabResults({ ...parts, fichiers }), attachments: createMemoryAttachments({ ...parts, fichiers }), fichiers };
}
const dans = ({ db }: Pick<typeof database, 'db'>): Stores => ({ fiches: createFicheStore(db, options), historique: createHistorique(db), messages: createMessageStore(db, options), references: createReferenceStore(db, options), results: createLabStore(db, options), attachments: createAttachmentStore(db, options), fichiers: createFichierStore(db) });

const reference: ValeursReference = { title: 'Paludisme grave de l’adulte', url: 'https://pubmed.ncbi.nlm.nih.gov/12345/', source: 'pubmed', authors: 'Kabongo J.', year: 2021, journal: 'Med Trop' };
const resultat: ValeursLabResult = { type_analyse: 'Hémoglobine', valeur: '6,2', unite: 'g/dL', valeurs_normales: '12-16', date_prelevement: '2026-11-23', laboratoire: 'INRB', commentaire: null };
const effets = (action: string) => ({ acte: { acteur: patiente, action } });
const cle = (nom: string, corps = 'corps') => ({ acteurId: 1, route: 'CreateReference', cle: nom, corps: Buffer.from(corps), ecrire: ({ id }: { id: number }) => Buffer.from(`piece ${id}`) });
const page = { page: 1, pageSize: 20 };
let compteur = 0;
let etablissement = 100;

function ecrite<P>(ecriture: EcriturePiece<P>): P {
  if (typeof ecriture === 'string' || 'rejouee' in ecriture) throw new Error(`not written: ${String(ecriture)}`);
  return ecriture.ecrite;
}

describe.each([['in memory', enMemoire], ['in PostgreSQL', () => dans(database)]] as [string, () => Stores][])('what lies under a fiche, %s', (_, ouvrir) => {
  let stores: Stores;
  let fiche: Fiche;
  beforeEach(async () => {
    stores = ouvrir();
    etablissement++;
    fiche = await creer();
  });

  async function creer(plus: Partial<NouvelleFiche> = {}): Promise<Fiche> {
    const valeurs = lireFiche(ficheComplete(), { complet: true, defauts: true }).valeurs as FicheValeurs;
    const nouvelle = nouvelleFiche({ valeurs, aTrier: valeurs }, { numero: `CONS-20261124-P${++compteur}`, user: 1, assignedMedecin: null, etablissementId: etablissement, taskId: crypto.randomUUID(), maintenant: clock.now(), jour: '2026-11-24', heure: '08:15:30' }, regles.trier);
    const creee = await stores.fiches.create({ ...nouvelle, ...plus }, { acte: { acteur: patiente, action: 'fiche.creer' }, evenements: [] });
    if (!('creee' in creee)) throw new Error('replayed');
    return creee.creee;
  }

  describe('messages', () => {
    const ecrire = (content: string, plus: Partial<EffetsPiece<Message>> = {}, de = fiche) => stores.messages.create(de, { author: 1, content }, { ...effets('fiche.ecrire_message'), ...plus }, 3);

    it('are given back as they were written, oldest first', async () => {
      const premier = ecrite(await ecrire('Bonjour'));
      const second = ecrite(await ecrire('J’ai encore de la fièvre 🤒'));
      expect(premier).toEqual({ id: premier.id, fiche: fiche.id, author: 1, content: 'Bonjour', created_at: clock.now() });
      expect(await stores.messages.list(fiche.id)).toEqual([premier, second]);
      expect(await stores.messages.list(2_000_000_000)).toEqual([]);
    });

    it('end where as many are there as may be, to many at once as well', async () => {
      const issues = await Promise.all(Array.from({ length: 6 }, (__, i) => ecrire(`message ${i}`)));
      expect(issues.filter((issue) => issue === 'pleine')).toHaveLength(3);
      expect(await stores.messages.list(fiche.id)).toHaveLength(3);
    });

    it('raise the fiche with them, with its event and its line of history; and nothing where it changed meanwhile', async () => {
      const hausse = { urgence: 'rouge', urgence_regles: 'rouge' } as const;
      ecrite(await ecrire('Il convulse', { hausse }));
      const montee = (await stores.fiches.find(fiche.id))!;
      expect(montee).toMatchObject({ ...hausse, version: 2 });
      const { changements } = await stores.historique.list({ ficheId: fiche.id, ...page });
      expect(changements[0]).toMatchObject({ version: 2, action: 'fiche.ecrire_message', acteurId: 1, champs: expect.arrayContaining(['urgence']) });
      expect(await ecrire('Trop tard', { hausse })).toBe('perdue');
      expect(await ecrire('Trop tard aussi')).toBe('perdue');
      ecrite(await ecrire('À temps', {}, montee));
      expect(await stores.messages.list(fiche.id)).toHaveLength(2);
      expect((await stores.fiches.find(fiche.id))!.version).toBe(2);
    });

    it('are not written under a fiche that is deleted', async () => {
      await stores.fiches.update(fiche, {}, { acte: { acteur: patiente, action: 'fiche.supprimer' }, evenements: [] }, { suppression: 'faire' });
      expect(await ecrire('Bonjour', {}, { ...fiche, version: 2 })).toBe('perdue');
    });

    it('under a key are written once, and raise once', async () => {
      const idempotence = cle(crypto.randomUUID());
      const premier = ecrite(await ecrire('Il convulse', { idempotence, hausse: { urgence: 'rouge' } }));
      const seconde = await ecrire('Il convulse', { idempotence, hausse: { urgence: 'rouge' } });
      expect(typeof seconde === 'object' && 'rejouee' in seconde && Buffer.from(seconde.rejouee).toString()).toBe(`piece ${premier.id}`);
      await expect(ecrire('Autre', { idempotence: { ...idempotence, corps: Buffer.from('autre') } })).rejects.toMatchObject({ kind: 'unprocessable' });
      expect((await stores.fiches.find(fiche.id))!.version).toBe(2);
    });
  });

  describe('references', () => {
    const ajouter = (plus: Partial<ValeursReference> = {}, e: Partial<EffetsPiece<Reference>> = {}, de = fiche) => stores.references.create(de, { ...reference, ...plus }, 1, { ...effets('fiche.ajouter_reference'), ...e }, 50);

    it('are found, changed and deleted', async () => {
      const ajoutee = ecrite(await ajouter());
      expect(ajoutee).toEqual({ id: ajoutee.id, fiche: fiche.id, auteur: 1, created_at: clock.now(), ...reference });
      expect(await stores.references.find(ajoutee.id)).toEqual(ajoutee);
      const changee = ecrite(await stores.references.update(fiche, ajoutee, { year: null, title: 'Neuropaludisme' }, effets('fiche.modifier_reference')));
      expect(changee).toEqual({ ...ajoutee, year: null, title: 'Neuropaludisme' });
      ecrite(await stores.references.delete(fiche, changee, effets('fiche.supprimer_reference')));
      expect(await stores.references.find(ajoutee.id)).toBeUndefined();
      expect(await stores.references.update(fiche, ajoutee, { year: 2000 }, effets('fiche.modifier_reference'))).toBe('absente');
      expect(await stores.references.delete(fiche, ajoutee, effets('fiche.supprimer_reference'))).toBe('absente');
    });

    it('stand once by title on one fiche, whatever its case, accents and blanks; a deleted one may come back', async () => {
      const ajoutee = ecrite(await ajouter({ title: 'Fièvre  typhoïde' }));
      expect(await ajouter({ title: ' FIEVRE TYPHOIDE' })).toBe('double');
      const autre = ecrite(await ajouter({ title: 'Choléra' }));
      expect(await stores.references.update(fiche, autre, { title: 'fievre typhoïde' }, effets('fiche.modifier_reference'))).toBe('double');
      ecrite(await stores.references.update(fiche, autre, { title: 'CHOLÉRA' }, effets('fiche.modifier_reference')));
      ecrite(await ajouter({ title: 'Fièvre typhoïde' }, {}, await creer()));
      ecrite(await stores.references.delete(fiche, ajoutee, effets('fiche.supprimer_reference')));
      ecrite(await ajouter({ title: 'Fièvre typhoïde' }));
      ecrite(await ajouter({ title: 'ﷺ'.repeat(255) }));
    });

    it('of rivals with one title one is added', async () => {
      const issues = await Promise.all(Array.from({ length: 6 }, () => ajouter()));
      expect(issues.filter((issue) => issue === 'double')).toHaveLength(5);
    });

    it('that are refused leave their key free', async () => {
      await ajouter();
      const idempotence = cle(crypto.randomUUID());
      expect(await ajouter({}, { idempotence })).toBe('double');
      expect(await ajouter({}, { idempotence })).toBe('double');
    });
  });

  describe('lists', () => {
    const ajouter = async (de: Fiche, valeur = '5'): Promise<number> => ecrite(await stores.results.create(de, { ...resultat, valeur }, 1, effets('fiche.ajouter_resultat'), 50)).id;

    it('hold what is in somebody’s reach, newest first, with whose it is', async () => {
      const suivie = await creer({ assigned_medecin: 3, user: 9 });
      const supprimee = await creer();
      const [a, b, c, d] = [await ajouter(fiche), await ajouter(suivie), await ajouter(fiche), await ajouter(supprimee)];
      await stores.fiches.update(supprimee, {}, { acte: { acteur: patiente, action: 'fiche.supprimer' }, evenements: [] }, { suppression: 'faire' });
      const ids = async (plus: object) => (await stores.results.list({ etablissementId: etablissement, ...page, ...plus })).pieces.map(({ piece }) => piece.id);
      expect(await ids({})).toEqual([c, b, a]);
      expect(await ids({ visibleDe: 2 })).toEqual([c, a]);
      expect(await ids({ visibleDe: 3 })).toEqual([c, b, a]);
      expect(await ids({ visibleDe: 9 })).toEqual([c, b, a]);
      expect(await ids({ user: 9 })).toEqual([b]);
      expect(await ids({ ficheId: fiche.id })).toEqual([c, a]);
      expect(await ids({ ficheId: supprimee.id })).toEqual([]);
      expect(await ids({ etablissementId: 9_999 })).toEqual([]);
      expect(await stores.results.list({ etablissementId: etablissement, page: 2, pageSize: 2 })).toMatchObject({ count: 3, countExact: true, pieces: [{ piece: { id: a }, sujet: { id: fiche.id, user: 1, etablissement_id: etablissement } }] });
      const restauree = (await stores.fiches.findSupprimee(supprimee.id))!;
      await stores.fiches.update(restauree, {}, { acte: { acteur: medecin, action: 'fiche.restaurer' }, evenements: [] }, { suppression: 'defaire' });
      expect(await ids({ ficheId: supprimee.id })).toEqual([d]);
    });

    it('are read on behind a place to their end, each piece once', async () => {
      const ici = { etablissementId: etablissement, ...page };
      const ajoutes: number[] = [];
      for (let i = 0; i < 7; i++) ajoutes.unshift(await ajouter(fiche));
      const lus: number[] = [];
      for (let apres: number | undefined, suite: string | undefined = 'la'; suite !== undefined; ) {
        const lue = await stores.results.list({ ...ici, pageSize: 3, apres });
        lus.push(...lue.pieces.map(({ piece }) => piece.id));
        expect(lue.count).toBe(7);
        suite = lue.suite;
        apres = lirePlace(suite);
      }
      expect(lus).toEqual(ajoutes);
      expect((await stores.results.list({ ...ici, page: 3, pageSize: 3 })).suite).toBeUndefined();
    });

    it('of one fiche are bounded', async () => {
      const [, b, c] = [await ajouter(fiche), await ajouter(fiche), await ajouter(fiche)];
      expect((await stores.results.listOfFiche(fiche.id, 2)).map(({ id }) => id)).toEqual([c, b]);
      expect(await stores.results.create(fiche, resultat, 1, effets('fiche.ajouter_resultat'), 3)).toBe('pleine');
    });
  });

  describe('attachments', () => {
    async function deposer(): Promise<FichierDepose> {
      const id = crypto.randomUUID();
      await stores.fichiers.commencer(id, etablissement);
      return { id, cle: cleDe(id), nom: 'Radio.png', typeMime: 'image/png', extension: 'png', taille: 3, sha256: new Uint8Array(32).fill(7) };
    }
    const joindre = (fichier: FichierDepose, limite = 50, plus: Partial<EffetsPiece<Attachment>> = {}, de = fiche) => stores.attachments.create(de, { kind: 'xray', note: null, fichier }, 1, { ...effets('fiche.joindre'), ...plus }, limite);
    const nue = (attachment: Attachment | undefined) => attachment && { ...attachment, fichier: { ...attachment.fichier, sha256: [...attachment.fichier.sha256] } };

    it('are found, changed and deleted, and their file stays', async () => {
      const fichier = await deposer();
      const jointe = ecrite(await joindre(fichier));
      expect(jointe).toEqual({ id: jointe.id, fiche: fiche.id, auteur: 1, created_at: clock.now(), kind: 'xray', note: null, fichier });
      expect([nue(await stores.attachments.find(jointe.id)), (await stores.fichiers.find(fichier.id))?.nom]).toEqual([nue(jointe), 'Radio.png']);
      const changee = ecrite(await stores.attachments.update(fiche, jointe, { kind: 'scan', note: 'Thorax' }, effets('fiche.modifier_attachment')));
      expect(nue(changee)).toEqual({ ...nue(jointe), kind: 'scan', note: 'Thorax' });
      const seconde = ecrite(await joindre(await deposer()));
      expect((await stores.attachments.listOfFiche(fiche.id, 50)).map(nue)).toEqual([seconde, changee].map(nue));
      expect((await stores.attachments.listOfFiche(fiche.id, 1)).map(({ id }) => id)).toEqual([seconde.id]);
      expect((await stores.attachments.list({ etablissementId: etablissement, ...page })).pieces.map(({ piece }) => nue(piece))).toEqual([seconde, changee].map(nue));
      ecrite(await stores.attachments.delete(fiche, changee, effets('fiche.supprimer_attachment')));
      expect([await stores.attachments.find(jointe.id), (await stores.attachments.listOfFiche(fiche.id, 50)).length, (await stores.fichiers.find(fichier.id))?.id]).toEqual([undefined, 1, fichier.id]);
      expect(await stores.attachments.update(fiche, jointe, { note: 'Après' }, effets('fiche.modifier_attachment'))).toBe('absente');
      expect(await stores.attachments.delete(fiche, jointe, effets('fiche.supprimer_attachment'))).toBe('absente');
    });

    it('end where as many were put as may be, deleted ones included; what is not written keeps no file', async () => {
      const premiere = ecrite(await joindre(await deposer(), 1));
      ecrite(await stores.attachments.delete(fiche, premiere, effets('fiche.supprimer_attachment')));
      const fichier = await deposer();
      expect(await joindre(fichier, 1)).toBe('pleine');
      expect(await joindre(fichier, 50, {}, { ...fiche, version: 7 })).toBe('perdue');
      expect(await stores.fichiers.find(fichier.id)).toBeUndefined();
      ecrite(await joindre(fichier, 2));
    });

    it('under a key are put once, to many at once as many as may be, and a replayed answer keeps no file', async () => {
      const idempotence = cle(crypto.randomUUID());
      const jointe = ecrite(await joindre(await deposer(), 50, { idempotence }));
      const fichier = await deposer();
      const rejouee = await joindre(fichier, 50, { idempotence });
      expect(typeof rejouee === 'object' && 'rejouee' in rejouee && Buffer.from(rejouee.rejouee).toString()).toBe(`piece ${jointe.id}`);
      expect(await stores.fichiers.find(fichier.id)).toBeUndefined();
      const ensemble = await Promise.all([await deposer(), await deposer(), await deposer()].map((un) => joindre(un, 2)));
      expect(ensemble.filter((issue) => issue === 'pleine')).toHaveLength(2);
    });

    it('of a file that was swept meanwhile are not written', async () => {
      const fichier = await deposer();
      await stores.fichiers.reprendre(fichier.id);
      await expect(joindre(fichier)).rejects.toMatchObject({ kind: 'unavailable' });
      expect(await stores.attachments.listOfFiche(fiche.id, 50)).toEqual([]);
    });
  });

  it('results are found, changed and deleted, with their day', async () => {
    const ajoute = ecrite(await stores.results.create(fiche, resultat, 1, effets('fiche.ajouter_resultat'), 50));
    expect(ajoute).toEqual({ id: ajoute.id, fiche: fiche.id, auteur: 1, created_at: clock.now(), fichier: null, ...resultat });
    expect(ecrite(await stores.results.update(fiche, ajoute, { date_prelevement: '2026-11-20', commentaire: 'Contrôle' }, effets('fiche.modifier_resultat')))).toEqual({ ...ajoute, date_prelevement: '2026-11-20', commentaire: 'Contrôle' });
    ecrite(await stores.results.delete(fiche, ajoute, effets('fiche.supprimer_resultat')));
    expect(await stores.results.find(ajoute.id)).toBeUndefined();
    expect(await stores.results.update(fiche, ajoute, { valeur: '7' }, effets('fiche.modifier_resultat'))).toBe('absente');
    expect(await stores.results.delete(fiche, ajoute, effets('fiche.supprimer_resultat'))).toBe('absente');
  });
});

describe('what lies under a fiche, in PostgreSQL alone', () => {
  it('lists cost two statements, for one as for twenty', async () => {
    const db = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.base.appUrl }), log: [{ emit: 'event', level: 'query' }] });
    let requetes = 0;
    db.$on('query', () => requetes++);
    await createReferenceStore(db, options).list({ etablissementId: 1, visibleDe: 2, ...page });
    expect(requetes).toBe(2);
    await db.$disconnect();
  });

  it('the database refuses a source, a year or a text that is none, and an event is told of after the commit', async () => {
    const ligne = { fiche: 1, auteur: 1, title: 'T', titre_cle: 'x'.repeat(64), etablissement_id: 1 };
    await expect(database.db.ficheReference.create({ data: { ...ligne, source: 'blog' } })).rejects.toThrow();
    await expect(database.db.ficheReference.create({ data: { ...ligne, year: 1799 } })).rejects.toThrow();
    await expect(database.db.ficheMessage.create({ data: { fiche: 1, author: 1, content: '', etablissement_id: 1 } })).rejects.toThrow();
    expect(annonces.filter((type) => type === 'FicheEdited').length).toBeGreaterThan(1);
  });
});
