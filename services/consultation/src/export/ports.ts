import type { Acteur } from '@mediai/kit/acteur';
import type { Compte, Page } from '@mediai/kit/page';
import type { Acte, Cle, Sujet } from '../acces/journal.ts';
import type { Valeur } from './format/colonne.ts';
import type { CodeErreur, ExportEnBail, ExportJob, FiltresExport, GenreExport, NouvelExport } from './export.ts';

/** The key of a call whose answer is made of the export. */
export interface IdempotenceExport extends Cle {
  readonly ecrire: (job: ExportJob) => Uint8Array;
}

export interface EffetsExport {
  readonly actes: readonly Acte[];
  readonly idempotence?: IdempotenceExport | undefined;
}

export type CreationExport = { readonly cree: ExportJob } | { readonly rejouee: Uint8Array } | { readonly existant: ExportJob };

export interface FiltreExports extends Page {
  readonly genre: GenreExport;
  readonly etablissementId?: number | undefined;
  readonly createdBy?: number | undefined;
}

/** Fiches that were read with the personal data in them, and for whom: their patients are told. */
export interface LecturesExport {
  readonly acteur: Pick<Acteur, 'id'>;
  readonly fiches: readonly Sujet[];
}

export interface Segment {
  readonly cle: string;
  readonly lignes: number;
}

/** Exports, the work that they are, and the objects that they leave in the object store. */
export interface ExportStore {
  /** Export, audit rows and idempotency key in one transaction; of a person's own data one at a time: `existant` is the one that is being made. */
  create(nouvel: NouvelExport, effets: EffetsExport): Promise<CreationExport>;
  find(id: number): Promise<ExportJob | undefined>;
  /** Newest first. */
  list(filtre: FiltreExports): Promise<{ exports: ExportJob[] } & Compte>;
  /** Notes an act on an export. */
  noter(job: Pick<ExportJob, 'id' | 'etablissement_id'>, actes: readonly Acte[]): Promise<void>;
  /** Takes up the oldest export that is due and held by nobody, for `bailMs`. */
  lease(maintenant: Date, bailMs: number): Promise<ExportEnBail | undefined>;
  /** Holds it longer, and the objects that are being written for it; false when it is no longer ours. */
  renew(bail: ExportEnBail, maintenant: Date, bailMs: number): Promise<boolean>;
  /** Keeps how many rows there are and where they end; false when it is no longer ours. */
  commencer(bail: ExportEnBail, bornes: Bornes): Promise<boolean>;
  /** Keeps the name of an object before it is written; false when the export is no longer ours. */
  annoncer(bail: ExportEnBail, cle: string, maintenant: Date): Promise<boolean>;
  /** Keeps a segment, how far the rows are read and who was read; false when it is no longer ours. */
  garderSegment(bail: ExportEnBail, segment: Segment & { rang: number; curseur: number; progression: number }, lectures?: LecturesExport): Promise<boolean>;
  /** In order. */
  listSegments(exportId: number): Promise<Segment[]>;
  /** Ends it with its file; its segments are to be deleted. False when it is no longer ours. */
  terminer(bail: ExportEnBail, maintenant: Date, fin: { cle: string; taille: number; lignes: number; expireLe: Date }): Promise<boolean>;
  /** Ends it without one. */
  echouer(bail: ExportEnBail, maintenant: Date, code: CodeErreur): Promise<boolean>;
  /** Gives it back until then; `compter: false` where it was not its fault. */
  reporter(bail: ExportEnBail, jusqua: Date, options: { compter: boolean }): Promise<void>;
  /** Keys of objects that are to be deleted by now; the oldest first. None while a backup is under way. */
  aSupprimer(maintenant: Date, limite: number): Promise<string[]>;
  /** An object that is no longer there. */
  oublier(cle: string): Promise<void>;
}

/** How long an object that is not kept may be in the writing. */
export const ECRITURE_MS = 3_600_000;

/** How many rows there are, and the highest id among them (0 for none). */
export interface Bornes {
  readonly total: number;
  readonly borne: number;
}

/** Which rows of fiches. */
export interface FiltreLignes {
  readonly etablissementId: number;
  readonly dateStart: string;
  readonly dateEnd: string;
  readonly filtres: FiltresExport;
}

export interface LotLignes {
  readonly lignes: Valeur[][];
  readonly ids: number[];
}

/** Rows of fiches as they are exported. */
export interface LignesFiches {
  compter(filtre: FiltreLignes): Promise<Bornes>;
  /** The next rows behind an id, up to another. */
  lire(filtre: FiltreLignes, place: { apres: number; borne: number; limite: number; personnelles: boolean }): Promise<LotLignes>;
}
