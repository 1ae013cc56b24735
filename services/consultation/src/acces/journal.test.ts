import { beforeAll, describe, expect, it } from '@jest/globals';
import { withClient } from '@mediai/db/admin';
import { useDatabase } from '../database.memory.ts';
import { openDatabase } from '../database-store.ts';
import { admin, confrere, medecin, patiente, service } from '../fiche/fixtures.memory.ts';
import type { Fiche } from '../fiche/fiche.ts';
import { createMemoryJournal } from './journal.memory.ts';
import { createJournal } from './journal-store.ts';
import { MOTIF, type Cle, type Idempotence, type Journal } from './journal.ts';

const database = useDatabase();
let dernierId = 0;
/** A fiche of its own for each test; the journal knows it by its id alone. */
const nouvelle = (): Fiche => ({ id: ++dernierId, etablissement_id: 1, user: patiente.id }) as Fiche;
const lire = { acteur: medecin, action: 'fiche.lire' };
const cle = (corps = 'corps', nom: string = crypto.randomUUID()): Cle => ({ acteurId: 2, route: 'RelancerFiche', cle: nom, corps: Buffer.from(corps) });
const texte = (reponse: Uint8Array | undefined) => reponse && Buffer.from(reponse).toString();


describe.each([
  ['in memory', (): Journal => createMemoryJournal({ clock: () => new Date() })],
  ['in PostgreSQL', (): Journal => createJournal(database.db, { secret: 'a secret of tests only' })],
])('the journal %s', (_, ouvrir) => {
  let journal: Journal;
  beforeAll(() => {
    journal = ouvrir();
  });
  const lister = (ficheId: number, saufActeur: number | null = patiente.id, page = 1, pageSize = 20) => journal.list({ ficheId, saufActeur, page, pageSize });

  it('tells who did what to a fiche, newest first, its patient and what came to nothing left out', async () => {
    const fiche = nouvelle();
    await journal.noter(fiche, { acteur: patiente, action: 'fiche.modifier' });
    await journal.noter(fiche, { ...lire, raison: 'Garde' });
    await journal.noterRefus(fiche, { acteur: confrere, action: 'fiche.lire' });
    await journal.abandonner(fiche, { acteur: medecin, action: 'fiche.envoyer' });
    await journal.noter(fiche, { acteur: admin, action: 'fiche.lister_acces' });
    await journal.noter(fiche, { acteur: service('ia'), action: 'fiche.lire_clinique' });
    await journal.noter(fiche, { acteur: null, action: 'fiche.analyse_terminee' });
    await journal.noter(nouvelle(), lire);
    const { actes, count, countExact } = await lister(fiche.id);
    expect(actes.map(({ acteurId, acteurRole, action, raison }) => [acteurId, acteurRole, action, raison])).toEqual([
      [null, 'service:consultation', 'fiche.analyse_terminee', null],
      [null, 'service:ia', 'fiche.lire_clinique', null],
      [5, 'admin', 'fiche.lister_acces', null],
      [2, 'medecin', 'fiche.lire', 'Garde'],
    ]);
    expect({ count, countExact }).toEqual({ count: 4, countExact: true });
    expect(actes.every(({ le }) => Math.abs(le.getTime() - Date.now()) < 60_000)).toBe(true);
    expect(new Set(actes.map(({ id }) => id)).size).toBe(4);
    expect((await lister(fiche.id, null)).count).toBe(5);
    expect((await lister(fiche.id, patiente.id, 2, 3)).actes).toHaveLength(1);
  });

  it('a refusal about a fiche that does not exist leaves nothing', async () => {
    await journal.noterRefus(undefined, lire);
    expect(await lister(0, null)).toMatchObject({ count: 0 });
  });

  it('a reason covers who gave it, for that fiche, from then on; the last one counts', async () => {
    const fiche = nouvelle();
    const avant = new Date(Date.now() - 60_000);
    await journal.noter(fiche, { ...lire, raison: 'not given as a reason' });
    expect(await journal.motifDonne(fiche.id, medecin.id, avant)).toBeUndefined();
    await journal.noter(fiche, { acteur: medecin, action: MOTIF, raison: 'Garde' });
    await journal.noter(fiche, { acteur: medecin, action: MOTIF, raison: 'Avis demandé' });
    expect(await journal.motifDonne(fiche.id, medecin.id, avant)).toBe('Avis demandé');
    expect(await journal.motifDonne(fiche.id, confrere.id, avant)).toBeUndefined();
    expect(await journal.motifDonne(nouvelle().id, medecin.id, avant)).toBeUndefined();
    expect(await journal.motifDonne(fiche.id, medecin.id, new Date(Date.now() + 60_000))).toBeUndefined();
  });

  it('fiches that are shown together are noted once an hour for each reader and way of reading', async () => {
    const [une, autre] = [nouvelle(), nouvelle()];
    for (const lecteur of [medecin, medecin, admin]) await journal.noterPage([une, autre], lecteur, 'fiche.lister');
    await journal.noterPage([autre], medecin, 'fiche.ouvrir');
    await journal.noterPage([], medecin, 'fiche.ouvrir');
    const notees = async ({ id }: Fiche) => (await lister(id)).actes.map(({ acteurId, acteurRole, action }) => [acteurId, acteurRole, action]);
    expect(await notees(une)).toEqual([[5, 'admin', 'fiche.lister'], [2, 'medecin', 'fiche.lister']]);
    expect(await notees(autre)).toEqual([[2, 'medecin', 'fiche.ouvrir'], [5, 'admin', 'fiche.lister'], [2, 'medecin', 'fiche.lister']]);
  });

  it('an act under a key is noted once, and its first answer is given again', async () => {
    const fiche = nouvelle();
    const idempotence = (corps: string, nom: string): Idempotence => ({ ...cle(corps, nom), ecrire: ({ id }) => Buffer.from(`fiche ${id}`) });
    const nom = crypto.randomUUID();
    expect(await journal.noterUneFois(fiche, lire, idempotence('corps', nom))).toBeUndefined();
    expect(texte(await journal.noterUneFois(fiche, lire, idempotence('corps', nom)))).toBe(`fiche ${fiche.id}`);
    expect(texte(await journal.rejouer(cle('corps', nom)))).toBe(`fiche ${fiche.id}`);
    for (const rejouer of [journal.noterUneFois(fiche, lire, idempotence('autre', nom)), journal.rejouer(cle('autre', nom))]) await expect(rejouer).rejects.toMatchObject({ kind: 'unprocessable' });
    expect((await lister(fiche.id)).count).toBe(1);
  });

  it('an act elsewhere holds its key until it is done', async () => {
    const fiche = nouvelle();
    const prise = cle();
    expect(await journal.rejouer(prise)).toBeUndefined();
    expect(await journal.engager(fiche, lire, prise)).toBeUndefined();
    expect(await journal.rejouer(prise)).toBeUndefined();
    await expect(journal.engager(fiche, lire, prise)).rejects.toMatchObject({ kind: 'conflict', code: 'idempotence.en_cours' });
    await journal.conclure(prise, Buffer.from('SM1'));
    expect(texte(await journal.engager(fiche, lire, prise))).toBe('SM1');
    expect((await lister(fiche.id)).count).toBe(1);
  });

  it('an act elsewhere that failed may be tried again under its key', async () => {
    const fiche = nouvelle();
    const prise = cle();
    await journal.engager(fiche, lire, prise);
    await journal.abandonner(fiche, lire, prise);
    expect(await journal.engager(fiche, lire, prise)).toBeUndefined();
    expect(await journal.engager(fiche, lire)).toBeUndefined();
    expect((await lister(fiche.id)).count).toBe(3);
  });
});

describe('in PostgreSQL only', () => {
  const ouvrir = () => createJournal(database.db, { secret: 'a secret of tests only' });

  it('a refusal and a failure are kept as such', async () => {
    const fiche = nouvelle();
    await ouvrir().noterRefus(fiche, { acteur: confrere, action: 'fiche.lire' });
    await ouvrir().abandonner(fiche, { acteur: medecin, action: 'fiche.envoyer' });
    const rows = await database.db.audit.findMany({ where: { objet_id: String(fiche.id) }, orderBy: { id: 'asc' }, select: { acteur_id: true, acteur_role: true, issue: true, etablissement_id: true } });
    expect(rows).toEqual([
      { acteur_id: 3, acteur_role: 'medecin', issue: 'refus', etablissement_id: 1 },
      { acteur_id: 2, acteur_role: 'medecin', issue: 'echec', etablissement_id: 1 },
    ]);
  });

  it('a refusal takes as long for a fiche that exists as for one that does not', async () => {
    const journal = ouvrir();
    const fiche = nouvelle();
    const durees = { la: [] as number[], absente: [] as number[] };
    for (let i = 0; i < 60; i++) {
      for (const [nom, sujet] of [['la', fiche], ['absente', undefined]] as const) {
        const debut = performance.now();
        await journal.noterRefus(sujet, lire);
        durees[nom].push(performance.now() - debut);
      }
    }
    const mediane = (valeurs: number[]) => valeurs.sort((a, b) => a - b)[30]!;
    expect(Math.abs(mediane(durees.la) - mediane(durees.absente))).toBeLessThan(3);
  });

  it('the app can neither change nor delete nor empty the audit table', async () => {
    for (const sql of ["UPDATE audit SET action = 'rien'", 'DELETE FROM audit', 'TRUNCATE audit', 'ALTER TABLE audit DISABLE TRIGGER ALL', 'DROP TABLE audit']) {
      await expect(withClient(database.base.appUrl, (client) => client.query(sql))).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('the index of its object serves the list of a fiche', async () => {
    const fiche = nouvelle();
    await withClient(database.base.ownerUrl, (client) => client.query(
      `INSERT INTO audit (acteur_id, acteur_role, action, objet_type, objet_id, issue)
       SELECT 2, 'medecin', 'fiche.lire', 'fiche', (1000000 + i % 500)::text, 'ok' FROM generate_series(1, 20000) AS i`).then(() => client.query('ANALYZE audit')));
    await ouvrir().noter(fiche, lire);
    const plan = await withClient(database.base.appUrl, (client) => client.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT * FROM audit WHERE objet_type = 'fiche' AND objet_id = '1000007' AND issue = 'ok' AND (acteur_id IS NULL OR acteur_id <> 1) ORDER BY id DESC LIMIT 20`));
    expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/audit_objet_type_objet_id_id_idx/);
  });

  it('a count beyond 10 000 is not exact', async () => {
    await withClient(database.base.ownerUrl, (client) => client.query(
      "INSERT INTO audit (acteur_id, acteur_role, action, objet_type, objet_id, issue) SELECT 2, 'medecin', 'fiche.lire', 'fiche', '3000000', 'ok' FROM generate_series(1, 10001)"));
    expect(await ouvrir().list({ ficheId: 3_000_000, saufActeur: 1, page: 1, pageSize: 1 })).toMatchObject({ count: 10_000, countExact: false });
  });

  it('a database that is away is told as unavailable', async () => {
    const absente = openDatabase('postgresql://personne:rien@127.0.0.1:1/rien');
    const journal = createJournal(absente.db, { secret: '' });
    await expect(journal.noter(nouvelle(), lire)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(journal.noterRefus(undefined, lire)).rejects.toMatchObject({ kind: 'unavailable' });
    await absente.close();
  });
});
