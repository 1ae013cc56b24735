import { createDoublons, formes, idArray, isIdInBounds, lireInstant, lireJour, passeOf, tables, type Contexte, type Etat, type Forme, type Ligne, type Reprise, type Source } from '@mediai/import-django';
import { REGLES_DOCUMENT, type ReglesFichier } from '../fichier/fichier.ts';
import { FUSEAU_SUITE, jourEtHeure } from '../fiche/jour.ts';
import { RESULTATS_MAX } from '../lab/lab-result.ts';
import { MESSAGES_MAX } from '../message/message.ts';
import { REFERENCES_MAX } from '../reference/reference.ts';
import type { DossierImportStore } from './dossier-import-store.ts';
import type { FichiersRepris, JugementFichier } from './fichiers-repris.ts';
import { cleDeReference, jugerAttachments, jugerMessages, jugerReferences, jugerResultats, type AttachmentRepris, type FicheVoisine, type Jugees, type MessageRepris, type ReferenceReprise, type ResultatRepris, type Voisinage } from './juger-dossier.ts';

const lignesParTransaction = 500;
/** Each of these may have a file that is put into the store before the transaction. */
const fichiersParTransaction = 50;
const titresParLecture = 5_000;
export const reprisSansFichier = 'ligne reprise auparavant sans son fichier';

const reglesResultat: ReglesFichier = { ...REGLES_DOCUMENT, champ: 'fichier' };
const reglesAttachment: ReglesFichier = { ...REGLES_DOCUMENT, champ: 'file' };

/** The tables that this part of an import reads. */
export const dossierFormes = [formes.ficheMessages, formes.references, formes.labResults, formes.attachments];

/** Their sequences here. */
export const dossierSequences = [
  { sequence: 'fiche_message_id_seq', table: tables.ficheMessages }, { sequence: 'fiche_reference_id_seq', table: tables.references },
  { sequence: 'lab_result_id_seq', table: tables.labResults }, { sequence: 'attachment_id_seq', table: tables.attachments },
];

type Needs = { store: DossierImportStore; fichiers: FichiersRepris };

/** Takes over what lies beside the fiches: messages, references, results of laboratories, attachments. After the fiches. */
export async function passesDossier({ store, fichiers }: Needs, contexte: Contexte): Promise<ReturnType<typeof passeOf>[]> {
  const { source, options: { etablissementId } } = contexte;
  const voisinage = createVoisinage(store, contexte);
  return [
    passeOf(messages(store, voisinage, etablissementId, await lirePlace(source, formes.ficheMessages, MESSAGES_MAX))),
    passeOf(references(store, voisinage, etablissementId, await lirePlace(source, formes.references, REFERENCES_MAX), await lireTitres(source))),
    passeOf(resultats(store, fichiers, voisinage, etablissementId, await lirePlace(source, formes.labResults, RESULTATS_MAX))),
    passeOf(attachments(store, fichiers, voisinage, etablissementId)),
  ];
}

type Voisiner = ReturnType<typeof createVoisinage>;

/** What some rows are judged with, read for all of them at once. */
function createVoisinage(store: DossierImportStore, { source, estRejete }: Contexte) {
  const maintenant = new Date();
  const { jour } = jourEtHeure(maintenant, FUSEAU_SUITE);
  return async (lignes: Ligne[], colonneUser: string | null, place: Place | null): Promise<Voisinage> => {
    const ids = fichesDe(lignes);
    const lues = await source.byIds(tables.fiches, ['id', 'date_naissance', 'created_at'], 'id', ids);
    const fiches = new Map(lues.flatMap(({ id, date_naissance, created_at }): [number, FicheVoisine][] =>
      estRejete(tables.fiches, Number(id)) ? [] : [[Number(id), { naissance: lireJour(date_naissance), created_at: lireInstant(created_at) }]]));
    const users = colonneUser === null ? new Set<number>() : await source.present(tables.users, lignes.map((ligne) => ligne[colonneUser]));
    return {
      fiches, maintenant, jour, effacees: await store.effacees([...fiches.keys()]), enTrop: place === null ? new Set() : await place.enTrop(ids), estUtilisateur: (id) => users.has(id) && !estRejete(tables.users, id),
    };
  };
}

const fichesDe = (lignes: Ligne[]): number[] => [...new Set(lignes.map(({ fiche_id }) => fiche_id).filter(isIdInBounds).map(Number))];

type Place = Awaited<ReturnType<typeof lirePlace>>;

/** Which rows of a table are beyond the first `max` of their fiche: fiches that have so many are looked for once. */
async function lirePlace(source: Source, { table }: Forme, max: number) {
  const combles = new Set((await source.query<{ fiche_id: number }>(`SELECT fiche_id FROM ${table} GROUP BY fiche_id HAVING count(*) > $1::int8`, [max])).map(({ fiche_id }) => fiche_id));
  return {
    async enTrop(fiches: readonly number[]): Promise<Set<number>> {
      const siennes = fiches.filter((id) => combles.has(id));
      if (siennes.length === 0) return new Set();
      const rows = await source.query<{ id: number }>(
        `SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY fiche_id ORDER BY id) AS rang FROM ${table} WHERE fiche_id = ANY($1::int8[])) AS rangs WHERE rang > $2::int8`, [idArray(siennes), max]);
      return new Set(rows.map(({ id }) => id));
    },
  };
}

function messages(store: DossierImportStore, voisiner: Voisiner, etablissementId: number, place: Place): Reprise<MessageRepris> {
  const forme = formes.ficheMessages;
  return {
    forme,
    taille: lignesParTransaction,
    cible: { etat: (ids) => store.etat(tables.ficheMessages, ids), ecrire: (nouveaux) => store.ecrireMessages(nouveaux, etablissementId) },
    juger: async (lignes) => jugerMessages(lignes, await voisiner(lignes, 'author_id', place)),
  };
}

function references(store: DossierImportStore, voisiner: Voisiner, etablissementId: number, place: Place, doublons: Awaited<ReturnType<typeof lireTitres>>): Reprise<ReferenceReprise> {
  const forme = formes.references;
  return {
    forme,
    taille: lignesParTransaction,
    cible: { etat: (ids) => store.etat(tables.references, ids), ecrire: (nouvelles) => store.ecrireReferences(nouvelles, etablissementId) },
    async juger(lignes) {
      const ici = await store.referencesDe(fichesDe(lignes));
      const porteurs = new Map(ici.map(({ id, fiche, title }) => [cleDeReference(fiche, title), id]));
      return jugerReferences(lignes, await voisiner(lignes, null, place), { porteurs, doublons });
    },
  };
}

/** Shows every title once, so that those that a fiche has twice are known beforehand. */
async function lireTitres(source: Source) {
  const titres = createDoublons();
  for await (const lignes of source.batches(tables.references, ['id', 'fiche_id', 'title'], titresParLecture)) {
    for (const { fiche_id, title } of lignes) titres.remember(cleDeReference(fiche_id, String(title)));
  }
  return titres;
}

function resultats(store: DossierImportStore, fichiers: FichiersRepris, voisiner: Voisiner, etablissementId: number, place: Place): Reprise<ResultatRepris> {
  const forme = formes.labResults;
  return {
    forme,
    taille: fichiersParTransaction,
    cible: {
      etat: (ids) => store.etat(tables.labResults, ids),
      ecrire: (nouveaux) => fichiers.deposer(nouveaux, etablissementId, (deposes) => store.ecrireResultats(nouveaux, deposes, etablissementId)),
    },
    async juger(lignes, etat) {
      const voisinage = await voisiner(lignes, null, place);
      const sansFichier = await store.resultatsSansFichier(etat.reprises);
      return jugerResultats(lignes, voisinage, await jugerFichiers(fichiers, lignes, { colonne: 'fichier', regles: reglesResultat, etat, sansFichier, estUtile: utileDans(voisinage) }));
    },
  };
}

function attachments(store: DossierImportStore, fichiers: FichiersRepris, voisiner: Voisiner, etablissementId: number): Reprise<AttachmentRepris> {
  const forme = formes.attachments;
  return {
    forme,
    taille: fichiersParTransaction,
    cible: {
      etat: (ids) => store.etat(tables.attachments, ids),
      ecrire: (nouveaux) => fichiers.deposer(nouveaux, etablissementId, (deposes) => store.ecrireAttachments(nouveaux, deposes, etablissementId)),
    },
    async juger(lignes, etat) {
      const voisinage = await voisiner(lignes, 'uploaded_by_id', null);
      const jugees = await jugerFichiers(fichiers, lignes, { colonne: 'file', regles: reglesAttachment, etat, sansFichier: new Set(), estUtile: utileDans(voisinage) });
      return jugerAttachments(lignes, voisinage, jugees, etat.reprises);
    },
  };
}

/** No file is read of a row that its fiche leaves out. */
const utileDans = ({ fiches, effacees }: Voisinage) => ({ fiche_id }: Ligne): boolean => fiches.has(Number(fiche_id)) && !effacees.has(Number(fiche_id));

type ColonneFichier = { colonne: string; regles: ReglesFichier; etat: Etat; sansFichier: ReadonlySet<number>; estUtile?: (ligne: Ligne) => boolean };

/**
 * Judges the files of some rows, one after the other. Of rows that were taken over before no file is read again: of those
 * that are here without theirs (`sansFichier`) this is said.
 */
export async function jugerFichiers(fichiers: FichiersRepris, lignes: Ligne[], { colonne, regles, etat, sansFichier, estUtile = () => true }: ColonneFichier): Promise<Jugees> {
  const jugees = new Map<number, JugementFichier>();
  for (const ligne of lignes) {
    const [id, chemin] = [Number(ligne['id']), ligne[colonne]];
    if (typeof chemin !== 'string' || chemin.trim() === '' || !estUtile(ligne)) continue;
    if (!etat.reprises.has(id)) jugees.set(id, await fichiers.juger(chemin, regles));
    else if (sansFichier.has(id)) jugees.set(id, { raison: reprisSansFichier });
  }
  return jugees;
}
