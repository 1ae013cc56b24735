import { createLecteur, lireJour, raisons, tables, type Doublons, type Jugement, type Lecteur, type Ligne } from '@mediai/import-django';
import { KINDS, NOTE_MAX, type Kind } from '../attachment/attachment.ts';
import { TEXTES_RESULTAT, type ValeursLabResult } from '../lab/lab-result.ts';
import { CONTENT_MAX } from '../message/message.ts';
import { ANNEE_MIN, cleDuTitre, estAdresse, SOURCES, TEXTES_REFERENCE, type SourceReference, type ValeursReference } from '../reference/reference.ts';
import type { FichierJuge, JugementFichier } from './fichiers-repris.ts';

/** What every row beside a fiche has. */
type Commun = { id: number; fiche: number; created_at: Date };

export type MessageRepris = Commun & { author: number; content: string };
export type ReferenceReprise = Commun & ValeursReference & { auteur: number };
export type ResultatRepris = Commun & ValeursLabResult & { auteur: number; fichier: FichierJuge | null };
/** `fichier` is null only of one that was taken over before. */
export type AttachmentRepris = Commun & { kind: Kind; note: string | null; uploaded_by: number | null; fichier: FichierJuge | null };

/** A fiche of the original that is taken over, as what lies beside it needs it. */
export type FicheVoisine = { naissance: string | null; created_at: Date | null };

/** What rows beside fiches are judged with. */
export type Voisinage = {
  fiches: ReadonlyMap<number, FicheVoisine>;
  /** Fiches whose person has been erased here. */
  effacees: ReadonlySet<number>;
  /** Rows for which their fiche has no room. */
  enTrop: ReadonlySet<number>;
  /** Whether auth has taken this user over. */
  estUtilisateur: (id: number) => boolean;
  maintenant: Date;
  /** Today, `YYYY-MM-DD`. */
  jour: string;
};

/** What is said of the files of some rows, by row. */
export type Jugees = ReadonlyMap<number, JugementFichier>;

/** Stands for whoever wrote what was taken over and is not known here: no user has this id. */
export const personne = 0;

export const raisonsDossier = {
  effacee: 'fiche effacée ici à la demande de son patient',
  trop: 'sa fiche en a déjà autant que cette version en garde',
  futur: 'date dans le futur',
  avantNaissance: 'prélèvement antérieur à la naissance, gardé',
  titre: "titre d'une autre référence de la fiche",
  adresse: 'adresse refusée',
} as const;

/** Judges messages about fiches, as they were typed. One whose author is not there is kept without a name. */
export const jugerMessages = (lignes: Ligne[], voisinage: Voisinage): Jugement<MessageRepris>[] =>
  chaque(tables.ficheMessages, lignes, voisinage, (lecteur, commun) => {
    const content = lecteur.texte('content', CONTENT_MAX);
    if (content === null) lecteur.ecarter('content', raisons.manque);
    return () => ({ ...commun, content: content ?? '', author: lecteur.reference('author_id', voisinage.estUtilisateur) ?? personne });
  });

/** The references that bear a title already. */
export type Titres = {
  /** Ids of the references here, by fiche and title. */
  porteurs: ReadonlyMap<string, number>;
  /** Those of the original, by the same key. */
  doublons: Doublons;
};

/** By what two references of one fiche are the same. */
export const cleDeReference = (fiche: unknown, title: string): string => `${String(fiche)}|${cleDuTitre(title)}`;

/** Judges references, in the order of their ids: of one title in a fiche the first keeps it. */
export const jugerReferences = (lignes: Ligne[], voisinage: Voisinage, { porteurs, doublons }: Titres): Jugement<ReferenceReprise>[] =>
  chaque(tables.references, lignes, voisinage, (lecteur, commun, ligne) => {
    const { title: borne, ...bornes } = TEXTES_REFERENCE;
    const title = lecteur.texte('title', borne.max) ?? '';
    if (title === '') lecteur.ecarter('title', raisons.manque);
    const cle = cleDeReference(commun.fiche, title);
    const estSien = (porteurs.get(cle) ?? lecteur.id) === lecteur.id;
    if (!lecteur.estEcartee() && !(estSien && doublons.claim(cle, lecteur.id))) lecteur.ecarter('title', raisonsDossier.titre);
    return () => {
      const textes = lireTextes(lecteur, bornes);
      if (textes.url !== null && !estAdresse(textes.url)) {
        lecteur.reserver('url', raisonsDossier.adresse);
        textes.url = null;
      }
      const source = lireChoix(lecteur, ligne, 'source', Object.keys(SOURCES) as SourceReference[], 'other');
      return { ...commun, ...textes, title, source, year: lireAnnee(lecteur, ligne['year'], voisinage.jour), auteur: personne };
    };
  });

/** Judges results of laboratories; one keeps its row whatever becomes of its file, and with half of what it must say. */
export const jugerResultats = (lignes: Ligne[], voisinage: Voisinage, fichiers: Jugees): Jugement<ResultatRepris>[] =>
  chaque(tables.labResults, lignes, voisinage, (lecteur, commun, ligne) => {
    const date_prelevement = lireJour(ligne['date_prelevement']);
    if (date_prelevement === null) lecteur.ecarter('date_prelevement', raisons.absurde);
    else if (date_prelevement > voisinage.jour) lecteur.ecarter('date_prelevement', raisonsDossier.futur);
    const { date_prelevement: _jour, ...bornes } = TEXTES_RESULTAT;
    const { type_analyse, valeur, ...textes } = lireTextes(lecteur, bornes);
    if (type_analyse === null && valeur === null) lecteur.ecarter('valeur', raisons.manque);
    return () => {
      if (type_analyse === null) lecteur.reserver('type_analyse', raisons.manque);
      if (valeur === null) lecteur.reserver('valeur', raisons.manque);
      const naissance = voisinage.fiches.get(commun.fiche)?.naissance ?? null;
      if (naissance !== null && date_prelevement !== null && date_prelevement < naissance) lecteur.reserver('date_prelevement', raisonsDossier.avantNaissance);
      return { ...commun, ...textes, type_analyse: type_analyse ?? '', valeur: valeur ?? '', date_prelevement: date_prelevement ?? '', fichier: lireFichier(lecteur, 'fichier', fichiers), auteur: personne };
    };
  });

/** Judges attachments: without its file there is none. */
export const jugerAttachments = (lignes: Ligne[], voisinage: Voisinage, fichiers: Jugees, reprises: ReadonlySet<number>): Jugement<AttachmentRepris>[] =>
  chaque(tables.attachments, lignes, voisinage, (lecteur, commun, ligne) => {
    const jugee = fichiers.get(lecteur.id) ?? { raison: raisons.manque };
    // Of a row that is left out or was taken over before no file has been judged.
    if ('raison' in jugee && !lecteur.estEcartee() && !reprises.has(lecteur.id)) lecteur.ecarter('file', jugee.raison);
    return () => ({
      ...commun,
      kind: lireChoix(lecteur, ligne, 'kind', KINDS, 'other'),
      note: lecteur.texte('note', NOTE_MAX),
      uploaded_by: lecteur.reference('uploaded_by_id', voisinage.estUtilisateur),
      fichier: 'fichier' in jugee ? jugee.fichier : null,
    });
  });

/** The file of a row that is taken over without it as well. */
export function lireFichier(lecteur: Lecteur, colonne: string, fichiers: Jugees): FichierJuge | null {
  const jugee = fichiers.get(lecteur.id);
  if (jugee === undefined) return null;
  if ('fichier' in jugee) return jugee.fichier;
  lecteur.reserver(colonne, jugee.raison);
  return null;
}

/** Judges each row by itself; `lire` refuses it, or answers how it is built. */
function chaque<N>(table: string, lignes: Ligne[], { fiches, effacees, enTrop, maintenant }: Voisinage, lire: (lecteur: Lecteur, commun: Commun, ligne: Ligne) => () => N): Jugement<N>[] {
  return lignes.map((ligne) => {
    const lecteur = createLecteur(table, ligne);
    const fiche = Number(ligne['fiche_id']);
    const voisine = fiches.get(fiche);
    if (!voisine) lecteur.ecarter('fiche_id', raisons.inconnu);
    else if (effacees.has(fiche)) lecteur.ecarter('fiche_id', raisonsDossier.effacee);
    else if (enTrop.has(lecteur.id)) lecteur.ecarter('fiche_id', raisonsDossier.trop);
    return lecteur.jugement(lire(lecteur, { id: lecteur.id, fiche, created_at: lireEcrit(lecteur, voisine?.created_at ?? maintenant, maintenant) }, ligne));
  });
}

/** When it was written; where that is no time at which it can have been, its fiche's. */
function lireEcrit(lecteur: Lecteur, sinon: Date, maintenant: Date): Date {
  const lu = lecteur.instant('created_at');
  if (lu !== null && lu <= maintenant) return lu;
  if (lu !== null) lecteur.reserver('created_at', raisonsDossier.futur);
  return sinon < maintenant ? sinon : maintenant;
}

const lireTextes = <N extends string>(lecteur: Lecteur, bornes: Readonly<Record<N, { readonly max: number }>>): Record<N, string | null> =>
  Object.fromEntries((Object.keys(bornes) as N[]).map((nom) => [nom, lecteur.texte(nom, bornes[nom].max)])) as Record<N, string | null>;

/** One of `choix`; anything else is told and `defaut`. */
function lireChoix<C extends string>(lecteur: Lecteur, ligne: Ligne, colonne: string, choix: readonly C[], defaut: C): C {
  const lu = lecteur.choix(colonne, choix);
  if (lu === null && String(ligne[colonne] ?? '').trim() !== '') lecteur.reserver(colonne, raisons.choix);
  return lu ?? defaut;
}

function lireAnnee(lecteur: Lecteur, year: unknown, jour: string): number | null {
  if (typeof year !== 'number') return null;
  if (year >= ANNEE_MIN && year <= Number(jour.slice(0, 4)) + 1) return year;
  lecteur.reserver('year', raisons.absurde);
  return null;
}
