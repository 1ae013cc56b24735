import { create, toBinary } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { GetFicheResponseSchema } from '@mediai/contracts/consultation/v1/fiche_service';
import { lireFiche, type FicheValeurs } from '@mediai/fiche';
import { ficheComplete, fixedClock } from '@mediai/testing';
import { useDatabase } from '../database.memory.ts';
import { createExportStore } from '../export/export-store.ts';
import { nouvelExport } from '../export/fixtures.memory.ts';
import { nouvelleFiche } from '../fiche/build-fiche.ts';
import type { Fiche } from '../fiche/fiche.ts';
import { createFicheStore } from '../fiche/fiche-store.ts';
import { admin, medecin, patiente } from '../fiche/fixtures.memory.ts';
import { regles } from '../fiche/regles.ts';
import type { Effacement } from './effacement.ts';
import { createEffacementStore } from './effacement-store.ts';
import { createMemoryEffacements } from './effacement-store.memory.ts';
import { createPersonneStore } from './personne-store.ts';
import type { EffacementStore, IdempotenceEffacement } from './ports.ts';

const clock = fixedClock('2026-11-24T08:00:00Z');
const secret = 'a secret of tests only';
const database = useDatabase();
const annonces: string[] = [];

const ouvrirSql = (): EffacementStore => createEffacementStore(database.db, { secret, committed: (types) => void annonces.push(...types) });
const decision = (action: string) => ({ par: admin.id, le: clock.now(), acte: { acteur: admin, action } });
const demande = { acte: { acteur: patiente, action: 'effacement.demander' } };
/** Every store has persons of its own. */
let personne = 1_000;

describe.each([['in memory', (): EffacementStore => createMemoryEffacements({ clock: clock.now })], ['in PostgreSQL', ouvrirSql]])('the store of requests to erase %s', (nom, ouvrir) => {
  let store: EffacementStore;
  beforeAll(() => {
    store = ouvrir();
  });
  async function creer(userId = ++personne, etablissement = 1): Promise<Effacement> {
    const creation = await store.create({ user_id: userId, etablissement_id: etablissement, motif: 'Je pars.' }, demande);
    if (creation === 'ouverte' || 'rejouee' in creation) throw new Error('not made');
    return creation.cree;
  }

  it('gives back what was stored, one open request a person', async () => {
    const cree = await creer();
    expect(cree).toMatchObject({ user_id: personne, etablissement_id: 1, motif: 'Je pars.', statut: 'en_attente', decide_par: null, decide_le: null, motif_refus: null, efface_le: null, fiches: null });
    expect(await store.find(cree.id)).toEqual(cree);
    expect(await store.create({ user_id: personne, etablissement_id: 1, motif: null }, demande)).toBe('ouverte');
    expect(await store.find(cree.id + 1_000)).toBeUndefined();
  });

  it('answers a repeated call with the first answer, and leaves the key of a refused one free', async () => {
    const idempotence: IdempotenceEffacement = { acteurId: ++personne, route: 'CreateEffacement', cle: `k-${nom}`, corps: Buffer.from('a'), ecrire: ({ id }) => Buffer.from(`demande ${id}`) };
    const nouvel = { user_id: personne, etablissement_id: 1, motif: null };
    const une = await store.create(nouvel, { ...demande, idempotence });
    const encore = await store.create(nouvel, { ...demande, idempotence });
    expect(encore !== 'ouverte' && 'rejouee' in encore && Buffer.from(encore.rejouee).toString()).toBe(une !== 'ouverte' && 'cree' in une && `demande ${une.cree.id}`);
    const autre = { ...idempotence, cle: `l-${nom}` };
    expect(await store.create(nouvel, { ...demande, idempotence: autre })).toBe('ouverte');
    expect(await store.create({ ...nouvel, user_id: ++personne }, { ...demande, idempotence: autre })).toHaveProperty('cree');
  });

  it('lists by person, établissement and state, newest first', async () => {
    const [un, deux] = [await creer(undefined, 7), await creer(undefined, 7)];
    await store.refuser(un.id, { ...decision('effacement.refuser'), motif: 'non' });
    const page = { page: 1, pageSize: 20 };
    const ids = async (filtre: object) => (await store.list({ ...page, ...filtre })).effacements.map(({ id }) => id);
    expect(await ids({ etablissementId: 7 })).toEqual([deux.id, un.id]);
    expect(await ids({ etablissementId: 7, statuts: ['refusee'] })).toEqual([un.id]);
    expect(await ids({ userId: un.user_id })).toEqual([un.id]);
    expect(await store.list({ etablissementId: 7, page: 2, pageSize: 1 })).toMatchObject({ count: 2, countExact: true, effacements: [{ id: un.id }] });
  });

  it('decides once, from the state in which a request waits', async () => {
    const refusee = await creer();
    expect(await store.refuser(refusee.id, { ...decision('effacement.refuser'), motif: 'Traitement.' })).toMatchObject({ statut: 'refusee', motif_refus: 'Traitement.', decide_par: admin.id, decide_le: clock.now() });
    expect(await store.refuser(refusee.id, { ...decision('effacement.refuser'), motif: 'x' })).toBe('perdue');
    expect(await store.accepter(refusee.id, { ...decision('effacement.accepter'), noms: [] })).toBe('perdue');
    expect(await store.conclure(refusee.id, decision('effacement.conclure'))).toBeUndefined();

    const acceptee = await creer();
    expect(await store.conclure(acceptee.id, decision('effacement.conclure'))).toBeUndefined();
    expect(await store.accepter(acceptee.id, { ...decision('effacement.accepter'), noms: [] })).toMatchObject({ statut: 'acceptee', motif: null, fiches: 0 });
    expect(await store.accepter(acceptee.id, { ...decision('effacement.accepter'), noms: [] })).toBe('perdue');
    const effacee = await store.conclure(acceptee.id, decision('effacement.conclure'));
    expect(effacee).toMatchObject({ statut: 'effacee', efface_le: clock.now() });
    expect(await store.conclure(acceptee.id, decision('effacement.conclure'))).toEqual(effacee);
  });

  it('keeps the answer of a decision under its key, and no key of one that was lost', async () => {
    const { id } = await creer();
    const idempotence: IdempotenceEffacement = { acteurId: admin.id, route: 'RejectEffacement', cle: `r-${nom}`, corps: Buffer.from('a'), ecrire: ({ statut }) => Buffer.from(statut) };
    const refus = { ...decision('effacement.refuser'), motif: 'non', idempotence };
    await store.refuser(id, refus);
    const encore = await store.refuser(id, refus);
    expect(encore !== 'perdue' && 'rejouee' in encore && Buffer.from(encore.rejouee).toString()).toBe('refusee');
    const autre = { ...refus, idempotence: { ...idempotence, cle: `s-${nom}` } };
    expect([await store.refuser(id, autre), await store.refuser(id, autre)]).toEqual(['perdue', 'perdue']);
  });

  it('of two decisions at once takes one', async () => {
    const { id } = await creer();
    const issues = await Promise.all([store.accepter(id, { ...decision('effacement.accepter'), noms: [] }), store.refuser(id, { ...decision('effacement.refuser'), motif: 'non' }), store.accepter(id, { ...decision('effacement.accepter'), noms: [] })]);
    expect(issues.filter((issue) => issue !== 'perdue')).toHaveLength(1);
  });
});

describe('erasing a person, in PostgreSQL', () => {
  let numero = 0;
  async function creerFiche(userId: number, mots: Record<string, unknown> = {}): Promise<Fiche> {
    const store = createFicheStore(database.db, { secret, clock: clock.now, committed: () => undefined });
    const valeurs = lireFiche(ficheComplete(mots), { complet: true, defauts: true }).valeurs as FicheValeurs;
    const circonstances = { numero: `CONS-20261124-F${++numero}`, user: userId, assignedMedecin: null, etablissementId: 1, taskId: crypto.randomUUID(), maintenant: clock.now(), jour: '2026-11-24', heure: '08:15:30' };
    const creation = await store.create(nouvelleFiche({ valeurs, aTrier: valeurs }, circonstances, regles.trier), { acte: { acteur: patiente, action: 'fiche.creer' }, evenements: [] });
    if (!('creee' in creation)) throw new Error('replayed');
    const ecriture = await store.update(creation.creee, { diagnostic: 'Zawadi a un paludisme.' }, { acte: { acteur: medecin, action: 'fiche.editer' }, evenements: [] });
    if (typeof ecriture === 'string' || 'rejouee' in ecriture) throw new Error('not written');
    return ecriture.ecrite;
  }
  const IDENTITE = { nom: 'Zawadi', postnom: 'Lukusa', prenom: 'Plamedi', contact_nom: 'Bope', motif_consultation: 'Zawadi tousse' };

  it('takes them out of every table in one transaction, and leaves the others alone', async () => {
    const store = ouvrirSql();
    const userId = ++personne;
    const [une, supprimee, autre] = [await creerFiche(userId, IDENTITE), await creerFiche(userId, IDENTITE), await creerFiche(9_999, IDENTITE)];
    await database.db.ficheConsultation.update({ where: { id: supprimee.id }, data: { deleted_at: new Date('2026-01-01T00:00:00Z') } });
    const place = { fiche: une.id, etablissement_id: 1 };
    await database.db.ficheMessage.createMany({ data: [{ ...place, author: userId, content: 'Je vais mieux.' }, { ...place, author: medecin.id, content: 'Bonjour Zawadi, reposez-vous.' }, { ...place, fiche: autre.id, author: 8, content: 'Zawadi reste.' }, { ...place, fiche: autre.id, author: userId, content: 'Continuez le traitement.' }] });
    const [fichierId, analyseId] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const id of [fichierId, analyseId]) await database.db.fichier.create({ data: { id, etablissement_id: 1, etat: 'garde', nom: 'ordonnance Zawadi.pdf', type_mime: 'application/pdf', extension: 'pdf', taille: 10, sha256: Buffer.alloc(32) } });
    await database.db.labResult.create({ data: { ...place, auteur: medecin.id, type_analyse: 'TDR', valeur: 'positif', date_prelevement: new Date('2026-11-20T00:00:00Z'), commentaire: 'Zawadi, prélevée à jeun', fichier_cle: `fichiers/${analyseId}`, fichier_nom: 'Zawadi.pdf', fichier_type: 'application/pdf', fichier_taille: 10 } });
    await database.db.attachment.create({ data: { ...place, fichier: fichierId, kind: 'prescription', note: 'Pour Zawadi', uploaded_by: userId } });
    expect((await createPersonneStore(database.db).autour([une.id])).get(une.id)?.pieces).toMatchObject([{ kind: 'prescription', nom: 'ordonnance Zawadi.pdf', taille: 10 }]);
    await database.db.documentVerification.create({ data: { fiche_id: une.id, etablissement_id: 1, vue: 'patient', sel: Buffer.from('s'), jeton_hash: Buffer.from(`h${une.id}`), empreinte: Buffer.from('e'), emis_le: clock.now() } });
    await database.db.idempotence.create({ data: { acteur_id: userId, route: 'CreateFiche', cle: 'k', corps_hash: Buffer.from('h'), statut: 200, reponse: Buffer.from('Zawadi') } });
    const reponse = (numero: string): Buffer<ArrayBuffer> => Buffer.from(toBinary(GetFicheResponseSchema, create(GetFicheResponseSchema, { fiche: { id: 1, nom: 'Zawadi', numeroDossier: numero } })));
    await database.db.idempotence.createMany({ data: [une.numero_dossier, autre.numero_dossier, `${une.numero_dossier}0`].map((numero, i) => ({ acteur_id: medecin.id, route: 'ValidateFiche', cle: `v${i}`, corps_hash: Buffer.from('h'), statut: 200, reponse: reponse(numero) })) });
    const exports = createExportStore(database.db, { secret });
    const personnel = nouvelExport({ genre: 'personnel', created_by: userId, export_format: 'json' });
    const plusTard = new Date(Date.now() + 86_400_000);
    await exports.create(personnel, { actes: [] });
    const fini = (await exports.lease(plusTard, 1_000))!;
    await exports.annoncer(fini, `exports/${fini.id}/f.json`, plusTard);
    await exports.terminer(fini, clock.now(), { cle: `exports/${fini.id}/f.json`, taille: 1, lignes: 1, expireLe: plusTard });
    await exports.create(personnel, { actes: [] });
    const enCours = (await exports.lease(plusTard, 1_000))!;

    const creation = await store.create({ user_id: userId, etablissement_id: 1, motif: 'Zawadi part.' }, demande);
    const id = creation !== 'ouverte' && 'cree' in creation ? creation.cree.id : 0;
    annonces.length = 0;
    expect(await store.accepter(id, { ...decision('effacement.accepter'), noms: ['Kabamba'] })).toMatchObject({ fiches: 2, motif: null });

    const rows = await database.db.ficheConsultation.findMany({ where: { user: userId }, orderBy: { id: 'asc' } });
    expect(rows.map(({ nom, deleted_at, version }) => [nom, deleted_at, version])).toEqual([['Effacé', clock.now(), 3], ['Effacé', new Date('2026-01-01T00:00:00Z'), 3]]);
    const historiques = await database.db.ficheChangement.findMany({ where: { fiche: { in: [une.id, supprimee.id] } } });
    expect(historiques.map(({ action, avant, apres }) => [action, avant, apres]).toSorted()).toEqual(['fiche.creer', 'fiche.creer', 'fiche.editer', 'fiche.editer', 'fiche.effacer', 'fiche.effacer'].map((action) => [action, null, null]));
    const messages = await database.db.ficheMessage.findMany({ where: { fiche: une.id }, orderBy: { id: 'asc' } });
    expect(messages.map(({ content }) => content)).toEqual(['[message effacé]', 'Bonjour [nom], reposez-vous.']);
    const tout = JSON.stringify([rows, historiques, messages, await database.db.labResult.findMany({ where: { fiche: une.id } }), await database.db.effacement.findUnique({ where: { id } })]);
    expect(tout).not.toMatch(/Zawadi|Lukusa|Plamedi|Bope/);
    expect(await database.db.documentVerification.findFirst({ where: { fiche_id: une.id } })).toMatchObject({ revoque_le: clock.now() });
    expect(await database.db.attachment.findFirst({ where: { fiche: une.id } })).toMatchObject({ note: null, deleted_at: clock.now() });
    for (const id of [fichierId, analyseId]) expect(await database.db.fichier.findUnique({ where: { id } })).toMatchObject({ etat: 'a_supprimer' });
    expect(await database.db.idempotence.count({ where: { acteur_id: userId } })).toBe(0);
    expect((await database.db.idempotence.findMany({ where: { route: 'ValidateFiche' }, orderBy: { cle: 'asc' } })).map(({ cle }) => cle)).toEqual(['v1', 'v2']);
    expect(await exports.find(enCours.id)).toMatchObject({ status: 'failed' });
    expect(await exports.annoncer(enCours, 'exports/9/x', clock.now())).toBe(false);
    expect(await exports.find(fini.id)).toMatchObject({ expire_le: clock.now() });
    expect(await exports.aSupprimer(clock.now(), 10)).toEqual([`exports/${fini.id}/f.json`]);

    expect(annonces).toEqual(['FicheDeleted']);
    const evenements = await database.db.outbox.findMany({ where: { key: String(une.id), type: { endsWith: 'FicheDeleted' } } });
    expect(evenements).toHaveLength(1);
    const actes = await database.db.audit.findMany({ where: { action: { in: ['fiche.effacer', 'effacement.accepter'] }, acteur_id: admin.id }, orderBy: { id: 'asc' } });
    expect(actes.slice(-3).map(({ action, objet_id }) => [action, objet_id])).toEqual([['fiche.effacer', String(une.id)], ['fiche.effacer', String(supprimee.id)], ['effacement.accepter', String(id)]]);

    expect(await database.db.ficheConsultation.findUnique({ where: { id: autre.id } })).toMatchObject({ nom: 'Zawadi', deleted_at: null, version: 2 });
    expect(await database.db.ficheChangement.findFirst({ where: { fiche: autre.id, version: 2 } })).toMatchObject({ apres: { diagnostic: 'Zawadi a un paludisme.' } });
    const ailleurs = await database.db.ficheMessage.findMany({ where: { fiche: autre.id }, orderBy: { id: 'asc' } });
    expect(ailleurs.map(({ content }) => content)).toEqual(['Zawadi reste.', 'Continuez le traitement.']);
  });

  it('takes what they wrote until their account was closed, and nothing twice', async () => {
    const store = ouvrirSql();
    const userId = ++personne;
    const une = await creerFiche(userId, IDENTITE);
    const creation = await store.create({ user_id: userId, etablissement_id: 1, motif: null }, demande);
    const id = creation !== 'ouverte' && 'cree' in creation ? creation.cree.id : 0;
    await store.accepter(id, { ...decision('effacement.accepter'), noms: [] });
    const tardive = await creerFiche(userId, IDENTITE);
    expect(await store.conclure(id, decision('effacement.conclure'))).toMatchObject({ statut: 'effacee', fiches: 2 });
    const rows = await database.db.ficheConsultation.findMany({ where: { id: { in: [une.id, tardive.id] } }, orderBy: { id: 'asc' } });
    expect(rows.map(({ nom, version, deleted_at }) => [nom, version, deleted_at])).toEqual([['Effacé', 3, clock.now()], ['Effacé', 3, clock.now()]]);
  });

  it('of whom nothing can be erased changes nothing at all', async () => {
    const store = ouvrirSql();
    const userId = ++personne;
    const fiche = await creerFiche(userId, IDENTITE);
    const creation = await store.create({ user_id: userId, etablissement_id: 1, motif: null }, demande);
    const id = creation !== 'ouverte' && 'cree' in creation ? creation.cree.id : 0;
    const impossible = { acteur: admin, action: 'effacement.accepter', issue: 'autre chose que ce qui est permis'.repeat(2_000) as never, raison: '\0' };
    await expect(store.accepter(id, { ...decision('x'), noms: [], acte: impossible })).rejects.toThrow();
    expect(await store.find(id)).toMatchObject({ statut: 'en_attente' });
    expect(await database.db.ficheConsultation.findUnique({ where: { id: fiche.id } })).toMatchObject({ nom: 'Zawadi', deleted_at: null });
  });

  it('does not let the history of a fiche that is not erased be emptied', async () => {
    const fiche = await creerFiche(++personne, IDENTITE);
    await database.db.$executeRawUnsafe('SELECT effacer_changements(ARRAY[$1::int])', fiche.id);
    expect(await database.db.ficheChangement.findFirst({ where: { fiche: fiche.id, version: 2 } })).toMatchObject({ apres: { diagnostic: 'Zawadi a un paludisme.' } });
  });
});

describe("a person's own fiches", () => {
  it('are those that are not deleted, with what lies beside each', async () => {
    const store = createPersonneStore(database.db);
    const userId = 77_000;
    const fiches = [];
    for (let i = 0; i < 3; i++) {
      const valeurs = lireFiche(ficheComplete(), { complet: true, defauts: true }).valeurs as FicheValeurs;
      const circonstances = { numero: `CONS-20261124-G${i}`, user: userId, assignedMedecin: null, etablissementId: 1, taskId: crypto.randomUUID(), maintenant: clock.now(), jour: '2026-11-24', heure: '08:15:30' };
      const creation = await createFicheStore(database.db, { secret, clock: clock.now, committed: () => undefined }).create(nouvelleFiche({ valeurs, aTrier: valeurs }, circonstances, regles.trier), { acte: { acteur: patiente, action: 'fiche.creer' }, evenements: [] });
      if ('creee' in creation) fiches.push(creation.creee.id);
    }
    const [un = 0, deux = 0, trois = 0] = fiches;
    await database.db.ficheConsultation.update({ where: { id: deux }, data: { deleted_at: clock.now() } });
    await database.db.ficheReference.createMany({ data: [{ title: 'OMS', deleted_at: null }, { title: 'Retirée', deleted_at: clock.now() }].map((plus, i) => ({ fiche: un, auteur: 2, titre_cle: String(i).padStart(64, '0'), etablissement_id: 1, ...plus })) });
    expect((await store.fiches(userId, 0, 10)).map(({ id }) => id)).toEqual([un, trois]);
    expect((await store.fiches(userId, un, 1)).map(({ id }) => id)).toEqual([trois]);
    const autour = await store.autour([un, trois]);
    expect(autour.get(un)?.references).toMatchObject([{ title: 'OMS' }]);
    expect(autour.get(trois)).toEqual({ messages: [], references: [], resultats: [], pieces: [] });
  });
});
