import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { withClient } from '@mediai/db/admin';
import { runImport } from '@mediai/import-django';
import { aFicheMessage, aFiche, aLabResult, anAttachment, aReference, aUser, aValidatedFiche, createOriginal, type Original } from '@mediai/import-django/original';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { createAttachmentStore } from '../attachment/attachment-store.ts';
import { openDatabase } from '../database-store.ts';
import { regles } from '../fiche/regles.ts';
import { createDepotMemory } from '../fichier/depot.memory.ts';
import { createFichierStore } from '../fichier/fichier-store.ts';
import { createLireFichier } from '../fichier/lire-fichier.ts';
import { JPEG, PDF, PNG, SVG } from '../fichier/fichiers.memory.ts';
import type { Scanner } from '../fichier/ports.ts';
import { createSweepFichiers } from '../fichier/sweep-fichiers.ts';
import { createLabStore } from '../lab/lab-store.ts';
import { createFichiersRepris } from './fichiers-repris.ts';
import { createImportFiches, fichesFormes } from './import-fiches.ts';
import { openFicheImportStore } from './import-store.ts';
import { createMedia } from './lire-media.ts';

const dossier = mkdtempSync(join(tmpdir(), 'mediai-import-dossier-'));
const media = join(dossier, 'media');
const infecte = Buffer.concat([PDF, Buffer.from('EICAR')]);
const grand = Buffer.concat([PDF, Buffer.alloc(10 * 1024 * 1024)]);
const files: Record<string, Buffer> = {
  'signatures/kabongo.png': PNG, 'signatures/faux.png': PDF, 'lab_results/goutte.jpg': JPEG, 'lab_results/piege.pdf': SVG, 'fiche_attachments/2026/03/radio-1.png': PNG, 'fiche_attachments/2026/03/radio-7.png': PNG,
  'fiche_attachments/2026/03/radio-6.png': PNG, 'fiche_attachments/grand.pdf': grand, 'fiche_attachments/vide.pdf': Buffer.alloc(0), 'fiche_attachments/infecte.pdf': infecte, '../secret.pdf': PDF,
};
/** Nothing urgent in it. */
const calme = { motif_consultation: 'Visite de contrôle, mal au dos depuis une semaine.', pouls: 76, spo2: 98 };
let original: Original;
let database: TestDatabase;
const depot = createDepotMemory();

/** Finds the one that says so; reads what it is given. */
const scanner: Scanner = {
  async examiner(contenu) {
    const pieces: Uint8Array[] = [];
    for await (const piece of contenu) pieces.push(piece);
    return Buffer.concat(pieces).includes('EICAR') ? 'infecte' : 'propre';
  },
};

beforeAll(async () => {
  for (const [chemin, contenu] of Object.entries(files)) {
    mkdirSync(dirname(join(media, chemin)), { recursive: true });
    writeFileSync(join(media, chemin), contenu);
  }
  symlinkSync(join(dossier, 'secret.pdf'), join(media, 'lab_results/lien.pdf'));
  symlinkSync(dossier, join(media, 'ailleurs'));
  [original, database] = await Promise.all([createOriginal(), createTestDatabase('consultation')]);
  await original.insert('authentication_customuser', aUser(1), aUser(2, { role: 'medecin' }), aUser(4));
  await original.insert(
    'chat_ficheconsultation', aValidatedFiche(1, { signature_medecin: 'signatures/kabongo.png' }), aValidatedFiche(2, { signature_medecin: 'signatures/faux.png' }), aFiche(3, { etat: 'Moyen' }),
    ...[10, 11, 12].map((id) => ({ ...aFiche(12, calme), id, numero_dossier: `CONS-20260302-0${id}` })), aFiche(4, { date_naissance: '2026-02-10', signature_medecin: '' }),
  );
  await original.insert(
    'chat_fichemessage', aFicheMessage(1, 1), aFicheMessage(2, 1, { author_id: 4 }), aFicheMessage(3, 3), aFicheMessage(4, 1, { content: ' ' }), aFicheMessage(5, 2, { content: '😷'.repeat(5_001) }),
    aFicheMessage(6, 2, { created_at: '9999-12-31 00:00:00+00' }), aFicheMessage(7, 2, { created_at: '2099-01-01 00:00:00+00' }), aFicheMessage(8, 77), aFicheMessage(9, 1, { author_id: 2, content: 'Température < 38 & repos' }),
    aFicheMessage(10, 11, { content: 'Je convulse depuis ce matin' }), aFicheMessage(11, 10, { author_id: 2, content: 'Je convulse depuis ce matin' }),
  );
  await original.insert(
    'chat_fichereference', aReference(1, 1), aReference(2, 1, { title: ' SEVERE  malária, part 1' }), aReference(3, 2, { title: 'Severe malaria, part 1' }),
    aReference(4, 1, { url: 'javascript:alert(1)', year: 1492, source: 'google', authors: '' }), aReference(5, 1, { title: ' ' }), aReference(6, 3), aReference(7, 3, { title: 'Severe malaria, part 6' }),
  );
  await original.insert(
    'chat_labresult', aLabResult(1, 1, { fichier: 'lab_results/goutte.jpg', unite: 'parasites/µl' }), aLabResult(2, 1, { date_prelevement: '2099-01-01' }), aLabResult(3, 4, { date_prelevement: '2025-01-01' }),
    aLabResult(4, 1, { valeur: '' }), aLabResult(5, 1, { valeur: '', type_analyse: ' ' }), aLabResult(6, 1, { fichier: 'lab_results/piege.pdf' }), aLabResult(7, 1, { fichier: 'lab_results/absent.pdf' }),
    aLabResult(8, 1, { fichier: '../secret.pdf' }), aLabResult(9, 1, { fichier: 'lab_results/lien.pdf' }), aLabResult(10, 1, { date_prelevement: '0001-01-01' }), aLabResult(11, 3), aLabResult(12, 2, { fichier: '' }),
    aLabResult(13, 12, { commentaire: 'Patiente confuse, somnolente au prélèvement.' }),
  );
  await original.insert(
    'chat_ficheattachment', anAttachment(1, 1, { note: 'Face' }), anAttachment(2, 1, { file: 'fiche_attachments/grand.pdf' }), anAttachment(3, 1, { file: 'fiche_attachments/vide.pdf' }),
    anAttachment(4, 1, { file: 'ailleurs/secret.pdf' }), anAttachment(5, 1, { file: join(dossier, 'secret.pdf') }), anAttachment(6, 3), anAttachment(7, 2, { kind: 'video', uploaded_by_id: 99, note: 'x'.repeat(6_000) }),
    anAttachment(8, 1, { file: 'fiche_attachments/infecte.pdf' }), anAttachment(9, 1, { file: '' }),
  );
  // What auth's import would have left out.
  writeFileSync(join(dossier, 'auth.json'), `{"ecarts":[\n${JSON.stringify({ table: 'authentication_customuser', id: 4, colonne: 'username', raison: 'x', effet: 'ligne' })}\n]}`);
});

afterAll(async () => {
  rmSync(dossier, { recursive: true });
  await Promise.all([original.drop(), database.drop()]);
});

type Run = { depot?: typeof depot; url?: string; databaseUrl?: string; media?: string | null; signal?: AbortSignal; ecrit?: () => void };

async function run(rapport: string, args: string[] = [], options: Run = {}) {
  const lines: string[] = [];
  const dossierMedia = options.media === undefined ? media : options.media;
  const code = await runImport({
    service: 'consultation', argv: ['django', options.url ?? original.url, '--report', join(dossier, rapport), '--after', join(dossier, 'auth.json'), ...(dossierMedia === null ? [] : ['--media', dossierMedia]), ...args], env: {},
    formes: fichesFormes, signal: options.signal ?? new AbortController().signal,
    open: ({ etablissementId, media: folder }) => {
      const store = openFicheImportStore(options.databaseUrl ?? database.appUrl);
      const fichiers = createFichiersRepris({ fichiers: store.fichiers, depot: options.depot ?? depot, scanner, media: folder === undefined ? null : createMedia(folder) });
      const ecrireAttachments: typeof store.dossier.ecrireAttachments = async (...rest) => {
        options.ecrit?.();
        return store.dossier.ecrireAttachments(...rest);
      };
      return createImportFiches({ store: { ...store, dossier: { ...store.dossier, ecrireAttachments } }, regles, fichiers, etablissementId });
    },
    say: (line) => lines.push(line),
  });
  const report = JSON.parse(readFileSync(join(dossier, rapport), 'utf8')) as { ecarts: { table: string; id: number; colonne: string; raison: string; effet: string }[]; tables: Record<string, object>; non_reprises: object };
  const sorted = (table: string): string[] => report.ecarts.filter((ecart) => ecart.table === table).map(({ id, colonne, raison, effet }) => `${id} ${colonne}${effet === 'ligne' ? ' ligne' : ''} : ${raison}`).sort();
  return { code, text: lines.join('\n'), report, fautes: { signatures: sorted('chat_ficheconsultation').filter((faute) => faute.includes('signature')), messages: sorted('chat_fichemessage'), references: sorted('chat_fichereference'), resultats: sorted('chat_labresult'), attachments: sorted('chat_ficheattachment') } };
}

const query = async (sql: string, url = database.ownerUrl): Promise<Record<string, unknown>[]> => (await withClient(url, (client) => client.query(sql))).rows;
const tablesIci = ['fiche_message', 'fiche_reference', 'lab_result', 'attachment'];
const compter = async (url = database.ownerUrl) => (await query(`SELECT ${tablesIci.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`).join(', ')}, (SELECT count(*)::int FROM fichier WHERE etat = 'garde') AS gardes, (SELECT count(*)::int FROM fichier WHERE etat <> 'garde') AS autres`, url))[0];

const fautes = {
  signatures: ["2 signature_medecin : fichier d'un type refusé"],
  messages: [
    '2 author_id : objet inexistant ou non repris', '3 fiche_id ligne : objet inexistant ou non repris', '4 content ligne : valeur obligatoire absente', '5 content : texte trop long, coupé', '6 created_at : date invraisemblable',
    '7 created_at : date dans le futur', '8 fiche_id ligne : objet inexistant ou non repris',
  ],
  references: [
    "2 title ligne : titre d'une autre référence de la fiche", '4 source : valeur hors de la liste des choix', '4 url : adresse refusée', '4 year : date invraisemblable', '5 title ligne : valeur obligatoire absente',
    '6 fiche_id ligne : objet inexistant ou non repris', '7 fiche_id ligne : objet inexistant ou non repris',
  ],
  resultats: [
    '10 date_prelevement ligne : date invraisemblable', '11 fiche_id ligne : objet inexistant ou non repris', '2 date_prelevement ligne : date dans le futur', '3 date_prelevement : prélèvement antérieur à la naissance, gardé',
    '4 valeur : valeur obligatoire absente', '5 valeur ligne : valeur obligatoire absente', "6 fichier : fichier d'un type refusé", '7 fichier : fichier introuvable dans le dossier --media', '8 fichier : chemin de fichier refusé',
    '9 fichier : chemin de fichier refusé',
  ],
  attachments: [
    '2 file ligne : fichier trop grand', '3 file ligne : fichier vide', '4 file ligne : chemin de fichier refusé', '5 file ligne : chemin de fichier refusé', '6 fiche_id ligne : objet inexistant ou non repris',
    '7 kind : valeur hors de la liste des choix', '7 note : texte trop long, coupé', '7 uploaded_by_id : objet inexistant ou non repris', '8 file ligne : fichier infecté par un programme malveillant', '9 file ligne : valeur obligatoire absente',
  ],
};

test('a dry run says everything, writes nothing, and tells no value', async () => {
  const dry = await run('dry.json');
  expect(dry.code).toBe(1);
  expect(dry.fautes).toEqual(fautes);
  expect(dry.report.tables).toMatchObject({
    chat_fichemessage: { lues: 11, reprises: 8, ecartees: 3 }, chat_fichereference: { lues: 7, reprises: 3, ecartees: 4 }, chat_labresult: { lues: 13, reprises: 9, ecartees: 4 }, chat_ficheattachment: { lues: 9, reprises: 2, ecartees: 7 },
  });
  expect(await compter()).toEqual({ fiche_message: 0, fiche_reference: 0, lab_result: 0, attachment: 0, gardes: 0, autres: 0 });
  expect([await query('SELECT 1 FROM imported_row'), depot.contenus.size]).toEqual([[], 0]);
  for (const value of ['secret', 'radio', 'kabongo', 'malaria', 'javascript', 'Goutte']) expect(dry.text + JSON.stringify(dry.report)).not.toContain(value);
});

test('without --media files are counted, and what is nothing without its file stays', async () => {
  const sans = "fichier laissé : il manque l'option --media";
  const { fautes: dites, report, code } = await run('sans.json', [], { media: null });
  expect(code).toBe(1);
  expect(dites.signatures).toEqual([`1 signature_medecin : ${sans}`, `2 signature_medecin : ${sans}`]);
  expect(dites.resultats.filter((faute) => faute.includes('fichier'))).toEqual([1, 6, 7, 8, 9].map((id) => `${id} fichier : ${sans}`));
  expect(dites.attachments).toEqual([...[1, 2, 3, 4, 5].map((id) => `${id} file ligne : ${sans}`), '6 fiche_id ligne : objet inexistant ou non repris', `7 file ligne : ${sans}`, `8 file ligne : ${sans}`, '9 file ligne : valeur obligatoire absente']);
  expect(report.tables).toMatchObject({ chat_labresult: { reprises: 9 }, chat_ficheattachment: { reprises: 0, ecartees: 9 } });
});

describe('applied', () => {
  let applied: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    applied = await run('apply.json', ['--apply']);
  });

  test('it does what the dry run said', async () => {
    expect(applied).toMatchObject({ code: 1, fautes });
    expect(await compter()).toEqual({ fiche_message: 8, fiche_reference: 3, lab_result: 9, attachment: 2, gardes: 4, autres: 0 });
  });

  test('messages are as they were typed, under their ids', async () => {
    expect(await query('SELECT id, fiche, author, content, created_at, etablissement_id FROM fiche_message WHERE id IN (1, 2, 9) ORDER BY id')).toEqual([
      { id: 1, fiche: 1, author: 1, content: 'La fièvre est tombée depuis hier.', created_at: new Date('2026-03-04T05:30:00Z'), etablissement_id: 1 },
      expect.objectContaining({ id: 2, author: 0 }),
      expect.objectContaining({ id: 9, author: 2, content: 'Température < 38 & repos' }),
    ]);
    expect(await query('SELECT char_length(content) AS signes FROM fiche_message WHERE id = 5')).toEqual([{ signes: 5_000 }]);
    expect((await query('SELECT created_at FROM fiche_message WHERE id IN (6, 7)')).map(({ created_at }) => created_at)).toEqual([new Date('2026-03-02T08:15:42.120Z'), new Date('2026-03-02T08:15:42.120Z')]);
  });

  test('the rules have read what patients wrote beside their fiches and laboratories found, not what médecins wrote', async () => {
    const rows = new Map((await query('SELECT id, urgence, urgence_rang, signes_alerte, triage_calcule_le FROM fiche_consultation')).map((row) => [row['id'], row]));
    const signes = (id: number): unknown => rows.get(id)?.['signes_alerte'];
    expect(rows.get(10)?.['urgence']).not.toBe('rouge');
    expect(rows.get(11)).toMatchObject({ urgence: 'rouge', urgence_rang: 3 });
    expect(signes(10)).not.toContainEqual(expect.objectContaining({ code: 'convulsions' }));
    expect(signes(11)).toContainEqual(expect.objectContaining({ code: 'convulsions', champs: ['messages'] }));
    expect(signes(12)).toContainEqual(expect.objectContaining({ code: 'conscience_alteree', champs: ['lab_results'] }));
  });

  test('of references with one title in a fiche the first is kept, and of each what can be opened', async () => {
    expect(await query('SELECT id, fiche, auteur, title, url, source, authors, year, journal FROM fiche_reference ORDER BY id')).toEqual([
      { id: 1, fiche: 1, auteur: 0, title: 'Severe malaria, part 1', url: 'https://pubmed.ncbi.nlm.nih.gov/25214480/', source: 'pubmed', authors: 'WHO', year: 2014, journal: 'Trop Med Int Health' },
      expect.objectContaining({ id: 3, fiche: 2 }),
      expect.objectContaining({ id: 4, url: null, source: 'other', authors: null, year: null }),
    ]);
  });

  test('results are kept with their files, or without', async () => {
    const [premier, ...autres] = await query('SELECT id, fiche, auteur, type_analyse, valeur, unite, valeurs_normales, date_prelevement::text, laboratoire, fichier_cle, fichier_nom, fichier_type, fichier_taille FROM lab_result ORDER BY id');
    expect(premier).toEqual({
      id: 1, fiche: 1, auteur: 0, type_analyse: 'Goutte épaisse', valeur: '+++', unite: 'parasites/µl', valeurs_normales: 'négatif', date_prelevement: '2026-03-02', laboratoire: 'Sendwe',
      fichier_cle: expect.any(String), fichier_nom: 'goutte.jpg', fichier_type: 'image/jpeg', fichier_taille: JPEG.byteLength,
    });
    expect(depot.contenus.get(String(premier?.['fichier_cle']))).toEqual(JPEG);
    expect(autres.every(({ fichier_cle }) => fichier_cle === null)).toBe(true);
    expect(autres.find(({ id }) => id === 4)).toMatchObject({ type_analyse: 'Goutte épaisse', valeur: '' });
  });

  test('attachments and signatures lie in the store, whole, and nothing else does', async () => {
    expect(await query('SELECT a.id, a.fiche, a.kind, char_length(a.note) AS note, a.uploaded_by, f.etat, f.nom, f.type_mime, f.taille, f.etablissement_id FROM attachment a JOIN fichier f ON f.id = a.fichier ORDER BY a.id')).toEqual([
      { id: 1, fiche: 1, kind: 'xray', note: 4, uploaded_by: 1, etat: 'garde', nom: 'radio-1.png', type_mime: 'image/png', taille: PNG.byteLength, etablissement_id: 1 },
      expect.objectContaining({ id: 7, kind: 'other', note: 5_000, uploaded_by: null }),
    ]);
    const signatures = await query('SELECT id, signature_medecin FROM fiche_consultation WHERE id < 10 ORDER BY id');
    expect(signatures).toEqual([{ id: 1, signature_medecin: expect.any(String) }, { id: 2, signature_medecin: null }, { id: 4, signature_medecin: null }]);
    expect(depot.contenus.get(`fichiers/${String(signatures[0]?.['signature_medecin'])}`)).toEqual(PNG);
    expect(depot.contenus.size).toBe(4);
  });

  test('the service finds them as it finds its own', async () => {
    const { db, close } = openDatabase(database.appUrl);
    const lireFichier = createLireFichier({ fichiers: createFichierStore(db), depot });
    const options = { secret: 's'.repeat(32), clock: () => new Date(), committed: () => undefined };
    const ids = [(await createLabStore(db, options).find(1))?.fichier?.id, (await createAttachmentStore(db, options).find(1))?.fichier.id, String((await query('SELECT signature_medecin FROM fiche_consultation WHERE id = 1'))[0]?.['signature_medecin'])];
    const lus = await Promise.all(ids.map(async (id) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of (await lireFichier(id ?? '')).octets) pieces.push(piece);
      return Buffer.concat(pieces);
    }));
    await close();
    expect(lus).toEqual([JPEG, PNG, PNG]);
  });

  test('new ids begin above, and the audit tells it without values', async () => {
    for (const [table, id] of [['fiche_message', 11], ['fiche_reference', 7], ['lab_result', 13], ['attachment', 9]] as const) expect(await query(`SELECT nextval('${table}_id_seq')::int AS id`)).toEqual([{ id: id + 1 }]);
    expect(await query("SELECT objet_id, raison FROM audit WHERE action = 'import.django' AND objet_type = 'chat_ficheattachment' ORDER BY id")).toEqual([
      { objet_id: '1-7', raison: 'lignes reprises : 2' }, { objet_id: '', raison: 'lues : 9, reprises : 2, déjà reprises : 0, écartées : 7, avec réserve : 1' },
    ]);
  });

  test('again it doubles nothing, says what came without its file, and what was mended in the meantime follows', async () => {
    await original.client.query("UPDATE chat_fichemessage SET content = 'Merci' WHERE id = 4; UPDATE chat_fichereference SET title = 'Autre titre' WHERE id = 2; UPDATE chat_ficheattachment SET file = 'fiche_attachments/2026/03/radio-6.png' WHERE id = 3");
    const { fautes: dites, report } = await run('again.json', ['--apply']);
    expect(report.tables).toMatchObject({ chat_fichemessage: { reprises: 1, deja: 8 }, chat_fichereference: { reprises: 1, deja: 3 }, chat_labresult: { reprises: 0, deja: 9 }, chat_ficheattachment: { reprises: 1, deja: 2 } });
    const sans = 'ligne reprise auparavant sans son fichier';
    expect(dites.signatures).toEqual([`2 signature_medecin : ${sans}`]);
    expect(dites.resultats.filter((faute) => faute.includes('fichier'))).toEqual([6, 7, 8, 9].map((id) => `${id} fichier : ${sans}`));
    expect(await compter()).toEqual({ fiche_message: 9, fiche_reference: 4, lab_result: 9, attachment: 3, gardes: 5, autres: 0 });
    expect(depot.contenus.size).toBe(5);
  });

  test('ids and titles that are taken here stay with who has them; nothing joins a fiche that was erased', async () => {
    await query("INSERT INTO fiche_message (id, fiche, author, content, etablissement_id) VALUES (50, 1, 1, 'Bonjour', 1)");
    await query("INSERT INTO fiche_changement (fiche, version, le, acteur_role, action, champs, etablissement_id) VALUES (2, 9, now(), 'admin', 'fiche.effacer', '{}', 1)");
    await query("DELETE FROM imported_row WHERE objet = 'chat_fichereference' AND id = 3; UPDATE fiche_reference SET id = 60 WHERE id = 3; UPDATE fiche_reference SET fiche = 4 WHERE id = 60");
    await original.insert('chat_fichemessage', aFicheMessage(50, 1), aFicheMessage(51, 2));
    await original.insert('chat_fichereference', aReference(61, 4, { title: 'SEVERE MALARIA, PART 1' }));
    await original.insert('chat_ficheattachment', anAttachment(52, 2, { file: 'fiche_attachments/2026/03/radio-1.png' }));
    const { fautes: dites } = await run('taken.json', ['--apply']);
    expect(dites.messages).toContain('50 id ligne : identifiant déjà pris');
    expect(dites.messages).toContain('51 fiche_id ligne : fiche effacée ici à la demande de son patient');
    expect(dites.references).toContain("61 title ligne : titre d'une autre référence de la fiche");
    expect(dites.attachments).toContain('52 fiche_id ligne : fiche effacée ici à la demande de son patient');
    expect(await query('SELECT content FROM fiche_message WHERE id IN (50, 51)')).toEqual([{ content: 'Bonjour' }]);
  });
});

describe('elsewhere', () => {
  let autre: Original;
  let vide: TestDatabase;
  beforeAll(async () => {
    [autre, vide] = await Promise.all([createOriginal('bigidentity'), createTestDatabase('consultation')]);
    await autre.insert('authentication_customuser', aUser(1), aUser(2, { role: 'medecin' }));
    await autre.insert('chat_ficheconsultation', aFiche(1));
  });
  afterAll(async () => {
    await Promise.all([autre.drop(), vide.drop()]);
  });

  test('killed between a file and its row, and run again, it goes on; the sweep takes what was left', async () => {
    const sien = createDepotMemory();
    for (let id = 1; id <= 70; id++) await autre.insert('chat_ficheattachment', anAttachment(id, 1, { file: 'fiche_attachments/2026/03/radio-1.png' }));
    const ici = { depot: sien, url: autre.url, databaseUrl: vide.appUrl };
    let lots = 0;
    const tue = await run('killed.json', ['--apply'], { ...ici, ecrit: () => { if (++lots === 2) throw new Error('killed'); } });
    expect(tue.code).toBe(2);
    expect([await compter(vide.ownerUrl), sien.contenus.size]).toMatchObject([{ attachment: 50, gardes: 50, autres: 20 }, 70]);
    expect((await run('resumed.json', ['--apply'], ici)).code).toBe(0);
    expect([await compter(vide.ownerUrl), sien.contenus.size]).toMatchObject([{ attachment: 70, gardes: 70, autres: 20 }, 90]);
    const { db, close } = openDatabase(vide.appUrl);
    expect(await createSweepFichiers({ fichiers: createFichierStore(db), depot: sien, clock: () => new Date(Date.now() + 2 * 3_600_000) })()).toBe(20);
    await close();
    expect([await compter(vide.ownerUrl), sien.contenus.size]).toMatchObject([{ gardes: 70, autres: 0 }, 70]);
  });

  test('a fiche holds as many messages as it may, and the report names the rest', async () => {
    await autre.client.query("INSERT INTO chat_fichemessage (id, fiche_id, author_id, content, created_at) SELECT n, 1, 1, 'Bonjour', '2026-03-04 07:30:00+02' FROM generate_series(1, 2003) AS n");
    const { fautes: dites } = await run('many.json', ['--apply'], { url: autre.url, databaseUrl: vide.appUrl });
    expect(dites.messages).toEqual([2001, 2002, 2003].map((id) => `${id} fiche_id ligne : sa fiche en a déjà autant que cette version en garde`));
    expect(await compter(vide.ownerUrl)).toMatchObject({ fiche_message: 2_000 });
  });
});
