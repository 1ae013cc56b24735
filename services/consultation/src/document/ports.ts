import type { DocumentImprime } from './document.ts';
import type { Pieces } from './contenu.ts';

/** References and lab results of a fiche. @throws AppError unavailable */
export type LirePieces = (ficheId: number) => Promise<Pieces>;

/** The image of a signature by the id of its file, PNG or JPEG; null where its file is no longer there. @throws AppError unavailable */
export type LireSignature = (fichierId: string) => Promise<Uint8Array | null>;

/** Draws a document as PDF. @throws AppError unavailable where too many are drawn, or it takes too long */
export type Dessiner = (document: DocumentImprime, signal?: AbortSignal) => Promise<Uint8Array>;
