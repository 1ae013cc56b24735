import { beforeAll, describe, expect, it } from '@jest/globals';
import { ficheComplete, fixedClock } from '@mediai/testing';
import { CHAMPS, colonnesExport, lireFiche, type Champ, type FicheValeurs } from '@mediai/fiche';
import type { Idempotence } from '../acces/journal.ts';
import { useDatabase } from '../database.memory.ts';
import { openDatabase } from '../database-store.ts';
import { nouvelleFiche } from './build-fiche.ts';
import { ecrireCurseur, lireCurseur, type Curseur } from './curseur.ts';
import type { NouvelleFiche } from './fiche.ts';
import { createFicheStore } from './fiche-store.ts';
import { createMemoryFiches } from './fiche-store.memory.ts';
import { medecin, patiente } from './fixtures.memory.ts';
import { createNumerosDossier } from './numero-dossier.ts';
import type { Effets, FicheStore, FiltreFiches } from './ports.ts';
import { regles } from './regles.ts';

const clock = fixedClock('2026-11-24T08:15:30+02:00');
const secret = 'a secret of tests only';
const database = useDatabase();
const annonces: string[] = [];


let compteur = 0;
/** Every suite works in an établissement of its own, so that the two stores can be filled by the same acts. */
let etablissement = 100;

function nouvelle(changes: Partial<NouvelleFiche> = {}, mots: Record<string, unknown> = {}): NouvelleFiche {
  const valeurs = lireFiche(ficheComplete(mots), { complet: true, defauts: true }).valeurs as FicheValeurs;
  const circonstances = { numero: `CONS-20261124-T${++compteur}`, user: 1, assignedMedecin: null, etablissementId: etablissement, taskId: crypto.randomUUID(), maintenant: clock.now(), jour: '2026-11-24', heure: '08:15:30' };
  return { ...nouvelleFiche({ valeurs, aTrier: valeurs }, circonstances, regles.trier), ...changes };
}

const creation = (idempotence?: Idempotence): Effets => ({ acte: { acteur: patiente, action: 'fiche.creer' }, evenements: [{ type: 'FicheCreated', taskId: 'b2c7a7ba-0a0c-4d0f-9c0a-0a0c4d0f9c0a' }], idempotence });
const edition = (plus: Partial<Effets> = {}): Effets => ({ acte: { acteur: medecin, action: 'fiche.editer' }, evenements: [{ type: 'FicheEdited' }], ...plus });
const filtre = (plus: Partial<FiltreFiches> = {}): FiltreFiches => ({ etablissementId: etablissement, mots: [], ordre: '-created_at', page: 1, pageSize: 20, ...plus });
const idem = (cle: string, corps: string): Idempotence => ({ acteurId: 1, route: 'CreateFiche', cle, corps: Buffer.from(corps), ecrire: ({ id }) => Buffer.from(`fiche ${id}`) });

describe.each([
  ['in memory', (): FicheStore => createMemoryFiches({ clock: clock.now })],
  ['in PostgreSQL', (): FicheStore => createFicheStore(database.db, { secret, clock: clock.now, committed: (types) => annonces.push(...types) })],
])('the store of fiches %s', (_, ouvrir) => {
  let store: FicheStore;
  beforeAll(() => {
    store = ouvrir();
    etablissement++;
  });

  async function creer(changes: Partial<NouvelleFiche> = {}, mots: Record<string, unknown> = {}) {
    const creee = await store.create(nouvelle(changes, mots), creation());
    if (!('creee' in creee)) throw new Error('replayed');
    return creee.creee;
  }

  it('gives back what was stored, every field of it', async () => {
    const ecrite = nouvelle({ news2: null, heure_fin: null });
    const creee = await store.create(ecrite, creation());
    if (!('creee' in creee)) throw new Error('replayed');
    expect(creee.creee).toEqual({ ...ecrite, id: creee.creee.id });
    expect(await store.find(creee.creee.id)).toEqual(creee.creee);
    expect(await store.find(2_000_000_000)).toBeUndefined();
  });

  it.each([
    ['as long as may be, in signs of two units', (max: number) => '😀'.repeat(max)],
    ['from right to left, in pieces and without width', (max: number) => '\u202eسلام Gra\u0302ce Ka\u200bbo \u0007'.slice(0, max)],
  ])('gives back texts %s, in every field', async (_quoi, texte) => {
    const textes = Object.fromEntries((CHAMPS as readonly Champ[]).flatMap(({ nom, type, max }) => (type === 'texte' && max ? [[nom, texte(max)]] : [])));
    const creee = await creer({}, textes);
    expect(await store.find(creee.id)).toMatchObject(textes);
  });

  it('a change of the version that was read is written, of any other one is lost', async () => {
    const fiche = await creer();
    const ecrite = await store.update(fiche, { diagnostic: 'Angine', date_validation: clock.now(), heure_fin: '09:00:00', analyses_publiees: [3, 4], news2: null }, edition());
    expect(ecrite).toMatchObject({ ecrite: { version: 2, diagnostic: 'Angine', heure_fin: '09:00:00', analyses_publiees: [3, 4], news2: null } });
    expect(await store.update(fiche, { diagnostic: 'Grippe' }, edition())).toBe('perdue');
    expect(await store.find(fiche.id)).toMatchObject({ diagnostic: 'Angine', version: 2 });
  });

  it('of rivals for one version one wins', async () => {
    const fiche = await creer();
    const issues = await Promise.all(Array.from({ length: 8 }, (__, i) => store.update(fiche, { diagnostic: `avis ${i}` }, edition())));
    expect(issues.filter((issue) => issue !== 'perdue')).toHaveLength(1);
  });

  it('what is deleted is found and listed no more, until it is restored', async () => {
    const fiche = await creer();
    const { id } = fiche;
    expect(await store.findSupprimee(id)).toBeUndefined();
    expect(await store.update(fiche, {}, edition(), { suppression: 'defaire' })).toBe('perdue');
    await store.update(fiche, {}, edition({ evenements: [{ type: 'FicheDeleted' }] }), { suppression: 'faire' });
    expect(await store.find(id)).toBeUndefined();
    expect((await store.list(filtre())).fiches.map((fiche) => fiche.id)).not.toContain(id);
    const supprimee = await store.findSupprimee(id);
    expect(supprimee).toMatchObject({ id, version: 2 });
    expect(await store.update(supprimee!, {}, edition())).toBe('perdue');
    expect(await store.update(supprimee!, {}, edition({ evenements: [{ type: 'FicheRestored' }] }), { suppression: 'defaire' })).toMatchObject({ ecrite: { id, version: 3 } });
    expect(await store.find(id)).toMatchObject({ version: 3 });
    expect(await store.findSupprimee(id)).toBeUndefined();
  });

  it('a received event has its effect once, and none where the write was lost', async () => {
    const fiche = await creer();
    const evenementRecu = crypto.randomUUID();
    expect(await store.update({ ...fiche, version: 7 }, { diagnostic: 'A' }, edition({ evenementRecu }))).toBe('perdue');
    expect(await store.update(fiche, { diagnostic: 'B' }, edition({ evenementRecu }))).toMatchObject({ ecrite: { diagnostic: 'B' } });
    expect(await store.update({ ...fiche, version: 2 }, { diagnostic: 'C' }, edition({ evenementRecu }))).toBe('deja');
    const passe = crypto.randomUUID();
    await store.marquerRecu(passe);
    expect(await store.update({ ...fiche, version: 2 }, { diagnostic: 'D' }, edition({ evenementRecu: passe }))).toBe('deja');
  });

  it('a key gives its first answer again, and refuses another body', async () => {
    const cle = crypto.randomUUID();
    const premiere = await store.create(nouvelle(), creation(idem(cle, 'corps')));
    if (!('creee' in premiere)) throw new Error('replayed');
    const attendue = Buffer.from(`fiche ${premiere.creee.id}`);
    const seconde = await store.create(nouvelle(), creation(idem(cle, 'corps')));
    expect('rejouee' in seconde && Buffer.from(seconde.rejouee).equals(attendue)).toBe(true);
    await expect(store.create(nouvelle(), creation(idem(cle, 'autre')))).rejects.toMatchObject({ kind: 'unprocessable' });
  });

  it('tells of many fiches at once what decides about them, of deleted ones nothing', async () => {
    const [une, autre, supprimee] = [await creer({ assigned_medecin: 3 }), await creer({ user: null }), await creer()];
    await store.update(supprimee, {}, edition(), { suppression: 'faire' });
    const objets = await store.objets([une.id, autre.id, supprimee.id, 2_000_000_000, -1]);
    expect(objets.sort((a, b) => a.id - b.id)).toEqual([
      expect.objectContaining({ id: une.id, user: 1, assigned_medecin: 3, etablissement_id: etablissement }), expect.objectContaining({ id: autre.id, user: null, assigned_medecin: null }),
    ]);
    expect(await store.objets([])).toEqual([]);
  });

  it('lists by reach, state, words and order', async () => {
    etablissement += 10;
    const rouge = await creer({ urgence: 'rouge', assigned_medecin: 3, created_at: new Date('2026-11-20T10:00:00Z') });
    const vert = await creer({ urgence: 'vert', user: 9, status: 'analyse_terminee', created_at: new Date('2026-11-21T10:00:00Z') });
    const distance = await creer({ urgence: 'jaune', is_patient_distance: true, created_at: new Date('2026-11-22T10:00:00Z'), recherche: 'tshibanda joseph cons-20261122-004 toux' });
    const ids = async (plus: Partial<FiltreFiches>) => (await store.list(filtre(plus))).fiches.map(({ id }) => id);
    expect(await ids({})).toEqual([distance.id, vert.id, rouge.id]);
    expect(await ids({ ordre: 'created_at' })).toEqual([rouge.id, vert.id, distance.id]);
    expect(await ids({ ordre: '-urgence' })).toEqual([rouge.id, distance.id, vert.id]);
    expect(await ids({ ordre: 'urgence' })).toEqual([vert.id, distance.id, rouge.id]);
    expect(await ids({ user: 9 })).toEqual([vert.id]);
    expect(await ids({ visibleDe: 2 })).toEqual([distance.id, vert.id]);
    expect(await ids({ visibleDe: 3 })).toEqual([distance.id, vert.id, rouge.id]);
    expect(await ids({ assigneeA: 3 })).toEqual([rouge.id]);
    expect(await ids({ status: ['analyse_terminee', 'valide_medecin'] })).toEqual([vert.id]);
    expect(await ids({ urgence: ['rouge', 'jaune'] })).toEqual([distance.id, rouge.id]);
    expect(await ids({ isPatientDistance: true })).toEqual([distance.id]);
    expect(await ids({ mots: ['shiban', 'toux'] })).toEqual([distance.id]);
    expect(await ids({ mots: ['shiban', 'fievre'] })).toEqual([]);
    expect(await store.list(filtre({ page: 2, pageSize: 2 }))).toMatchObject({ count: 3, countExact: true, fiches: [{ id: rouge.id }] });
  });

  it('lists what it finds, every field of it', async () => {
    etablissement += 10;
    const { id } = await creer({ news2: { score: 3, au_moins: true, manquants: ['spo2'] }, heure_fin: '09:10:11', date_validation: clock.now(), analyses_publiees: [4, 5] });
    expect((await store.list(filtre())).fiches).toEqual([await store.find(id)]);
  });

  it('reads on behind a place, in every order, to the end and each fiche once', async () => {
    etablissement += 10;
    const urgences = ['rouge', 'orange', 'jaune', 'vert'] as const;
    for (let i = 0; i < 11; i++) await creer({ urgence: urgences[(i * 7) % 4]!, assigned_medecin: [null, 3, 4][i % 3]!, user: i === 2 ? 3 : 1, created_at: new Date(Date.UTC(2026, 10, 20, 10, Math.floor(i / 2))) });
    for (const ordre of ['created_at', '-created_at', 'urgence', '-urgence'] as const) {
      const toutes = (await store.list(filtre({ ordre, visibleDe: 3 }))).fiches.map(({ id }) => id);
      const lues: number[] = [];
      for (let curseur: Curseur | undefined; ; ) {
        const page = await store.list(filtre({ ordre, visibleDe: 3, curseur, pageSize: 3 }));
        lues.push(...page.fiches.map(({ id }) => id));
        expect(page.count).toBe(toutes.length);
        if (!page.suite) break;
        curseur = lireCurseur(ecrireCurseur(ordre, page.fiches.at(-1)!), ordre);
      }
      expect([ordre, lues]).toEqual([ordre, toutes]);
      expect(toutes).toHaveLength(9);
    }
  });

  it('finds a short word at the beginning of words, a longer one anywhere, and takes no wildcard for one', async () => {
    etablissement += 10;
    const [li, ali] = [await creer({ recherche: 'li kabongo 50% cons-1 toux' }), await creer({ recherche: 'ali mwamba cons-2 fievre_x' })];
    const ids = async (...mots: string[]) => (await store.list(filtre({ mots }))).fiches.map(({ id }) => id);
    expect(await ids('li')).toEqual([li.id]);
    expect(await ids('a')).toEqual([ali.id]);
    expect(await ids('to')).toEqual([li.id]);
    expect(await ids('mba')).toEqual([ali.id]);
  });

  it('lists deleted fiches apart', async () => {
    etablissement += 10;
    const [gardee, supprimee] = [await creer(), await creer()];
    await store.update(supprimee, {}, edition(), { suppression: 'faire' });
    expect((await store.list(filtre({ supprimees: true }))).fiches.map(({ id }) => id)).toEqual([supprimee.id]);
    expect((await store.list(filtre())).fiches.map(({ id }) => id)).toEqual([gardee.id]);
  });

  it('finds analyses that are late, and asks once for those that were put off', async () => {
    const enRetard = await creer({ analyse_demandee_le: new Date('2026-11-24T05:00:00Z') });
    await creer({ analyse_demandee_le: new Date('2026-11-24T05:00:00Z'), analyse_en_cours: false });
    expect((await store.analysesSansResultat(new Date('2026-11-24T06:00:00Z'), 500))).toEqual([enRetard.id]);
    await creer({ analyse_differee_le: new Date('2026-11-24T06:15:35Z') });
    expect(await store.demanderDifferees(new Date('2026-11-24T06:15:34Z'), 10)).toBe(0);
    expect(await store.demanderDifferees(new Date('2026-11-24T06:15:35Z'), 10)).toBe(1);
    expect(await store.demanderDifferees(new Date('2026-11-24T06:15:36Z'), 10)).toBe(0);
  });

  it('hands out dossier numbers in blocks that never overlap', async () => {
    const jour = `2027-01-${String(etablissement % 28 + 1).padStart(2, '0')}`;
    expect((await Promise.all([store.prendreBloc(jour, 10), store.prendreBloc(jour, 5), store.prendreBloc(jour, 10)])).sort((a, b) => a - b).at(-1)).toBe(25);
  });
});

describe('in PostgreSQL only', () => {
  const ouvrir = () => createFicheStore(database.db, { secret, clock: clock.now, committed: (types) => annonces.push(...types) });

  it('fiche, event, audit row and key are committed together, and the relay is told after it', async () => {
    annonces.length = 0;
    const cle = crypto.randomUUID();
    const creee = await ouvrir().create(nouvelle(), creation(idem(cle, 'corps')));
    if (!('creee' in creee)) throw new Error('replayed');
    const { id } = creee.creee;
    expect(await database.db.outbox.findMany({ where: { key: String(id) }, select: { topic: true, type: true } })).toEqual([{ topic: 'mediai.consultation.fiche.v1', type: 'mediai.consultation.v1.FicheCreated' }]);
    expect(await database.db.audit.findMany({ where: { objet_type: 'fiche', objet_id: String(id) }, select: { acteur_id: true, action: true, issue: true } })).toEqual([{ acteur_id: 1, action: 'fiche.creer', issue: 'ok' }]);
    expect(await database.db.idempotence.findMany({ where: { cle }, select: { statut: true } })).toEqual([{ statut: 200 }]);
    expect(annonces).toEqual(['FicheCreated']);
  });

  it('a write that fails leaves neither fiche nor event', async () => {
    const avant = await database.db.outbox.count();
    const double = nouvelle();
    await ouvrir().create(double, creation());
    await expect(ouvrir().create(double, creation())).rejects.toThrow();
    expect(await database.db.outbox.count()).toBe(avant + 1);
  });

  it('events carry nothing that identifies and nothing clinical', async () => {
    const creee = await ouvrir().create(nouvelle({}, { nom: 'Canariensis', telephone: '+243999888777', motif_consultation: 'Motif-canari' }), creation());
    if (!('creee' in creee)) throw new Error('replayed');
    const { id } = creee.creee;
    await ouvrir().update(creee.creee, { diagnostic: 'Diagnostic-canari' }, edition());
    const rows = await database.db.outbox.findMany({ where: { key: String(id) } });
    expect(rows).toHaveLength(2);
    const octets = rows.map(({ payload }) => Buffer.from(payload ?? []).toString('latin1')).join();
    for (const canari of ['Canariensis', '999888777', 'canari']) expect(octets).not.toContain(canari);
  });

  it('200 creations at once from two processes across midnight have 200 numbers, counted per day', async () => {
    const stores = [ouvrir(), ouvrir()];
    const numeros = stores.map((store) => createNumerosDossier({ prendreBloc: store.prendreBloc }));
    const minuit = new Date('2027-03-01T22:00:00Z').getTime();
    const donnes = await Promise.all(Array.from({ length: 200 }, async (_, i) => {
      const numero = await numeros[i % 2]!(new Date(minuit + (i - 100) * 10));
      const creee = await stores[i % 2]!.create(nouvelle({ numero_dossier: numero }), creation());
      return 'creee' in creee ? creee.creee.numero_dossier : '';
    }));
    expect(new Set(donnes).size).toBe(200);
    expect(donnes.filter((numero) => numero.startsWith('CONS-20270301-'))).toHaveLength(100);
    expect(donnes.filter((numero) => numero.startsWith('CONS-20270302-'))).toHaveLength(100);
    expect(donnes.every((numero) => /-\d{3,}$/.test(numero))).toBe(true);
  });

  it('the thousandth number of a day has four digits', async () => {
    const store = ouvrir();
    await store.prendreBloc('2027-04-02', 998);
    const numeros = createNumerosDossier({ prendreBloc: store.prendreBloc });
    const midi = new Date('2027-04-02T10:00:00Z');
    expect([await numeros(midi), await numeros(midi)]).toEqual(['CONS-20270402-999', 'CONS-20270402-1000']);
  });

  it('the database refuses a status or an urgency that is none', async () => {
    const store = ouvrir();
    await expect(store.create(nouvelle({ status: 'perdue' as never }), creation())).rejects.toThrow();
    await expect(store.create(nouvelle({ urgence_regles: 'violet' as never }), creation())).rejects.toThrow();
  });

  it('a database that is away is told as unavailable', async () => {
    const absente = openDatabase('postgresql://personne:rien@127.0.0.1:1/rien');
    await expect(createFicheStore(absente.db, { secret, clock: clock.now, committed: () => undefined }).find(1)).rejects.toMatchObject({ kind: 'unavailable' });
    await absente.close();
  });
});

it('the columns of an export are read from the table as they stand', async () => {
  const store = createFicheStore(database.db, { secret, clock: clock.now, committed: () => undefined });
  const creee = await store.create(nouvelle({ diagnostic_ia: 'SIMULATION.', diagnostic: '' }, { temperature: '38,5', motif_consultation: 'Fièvre de Kabongo Mwamba', hypertendu: true }), creation());
  if (!('creee' in creee)) throw new Error('replayed');
  for (const personnelles of [true, false]) {
    const colonnes = colonnesExport({ personnelles });
    const sources = new Map(colonnes.flatMap((colonne) => colonne.sources).map(({ nom, sql }) => [nom, `${sql} AS "${nom}"`]));
    const [ligne] = await database.db.$queryRawUnsafe<Record<string, unknown>[]>(`SELECT ${[...sources.values()].join(', ')} FROM fiche_consultation WHERE id = ${creee.creee.id}`);
    expect(Object.fromEntries(colonnes.map(({ nom, lire }) => [nom, lire(ligne ?? {})]))).toMatchObject({
      id: creee.creee.id, date_consultation: '2026-11-24', temperature: 38.5, hypertendu: true, has_diagnostic_ia: true, has_diagnostic_medecin: false, created_at: creee.creee.created_at,
      ...(personnelles ? { nom: 'Kabongo', adresse: 'Likasi n° 24, Makutano, Lubumbashi', motif_consultation: 'Fièvre de Kabongo Mwamba' } : { motif_consultation: 'Fièvre de [nom] [nom]' }),
    });
  }
});
