import { Readable } from 'node:stream';
import type { FichierEntete } from '@mediai/contracts/consultation/v1/fichier';
import { AppError } from '@mediai/kit/errors';
import type { FastifyReply } from 'fastify';

/** One message of a file that a service sends: its header first, then its bytes. */
export interface Piece {
  readonly contenu: { case: 'entete'; value: Pick<FichierEntete, 'nom' | 'typeMime' | 'taille'> } | { case: 'octets'; value: Uint8Array } | { case: undefined; value?: undefined };
}

/**
 * Answers with a file as it comes, to be kept and never shown: nothing of it runs in the suite's origin, no browser
 * guesses another type. A client that reads slowly is waited for, one that leaves ends the call behind.
 * @throws AppError what the service said before the first byte; after it the connection is cut, so that half a file is no file
 */
export async function sendDownload(reply: FastifyReply, pieces: AsyncIterable<Piece>): Promise<FastifyReply> {
  const { entete, body } = await openFile(pieces);
  reply.header('content-disposition', contentDisposition(entete.nom)).header('content-security-policy', "default-src 'none'; sandbox").header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
  if (entete.taille !== undefined) reply.header('content-length', String(entete.taille));
  return reply.type(entete.typeMime).send(body);
}

/** The header of a file, and its bytes as a stream that asks for them as it is read. */
export async function openFile(pieces: AsyncIterable<Piece>): Promise<{ entete: Pick<FichierEntete, 'nom' | 'typeMime' | 'taille'>; body: Readable }> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done || first.value.contenu.case !== 'entete') {
    await iterator.return?.();
    throw new AppError('internal', 'fichier.sans_entete');
  }
  const bytes: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => bytes,
    async next() {
      const { done, value } = await iterator.next();
      if (done) return { done: true, value: undefined };
      return { done: false, value: value.contenu.case === 'octets' ? value.contenu.value : new Uint8Array() };
    },
    async return() {
      await iterator.return?.();
      return { done: true, value: undefined };
    },
  };
  return { entete: first.value.contenu.value, body: Readable.from(bytes, { objectMode: false, highWaterMark: 64 * 1024 }) };
}

/** RFC 6266: the name as UTF-8 (RFC 8187), and what older clients can read of it. */
export function contentDisposition(nom: string): string {
  const plain = nom.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^\w.\- ]/g, '_');
  const encoded = encodeURIComponent(nom.toWellFormed()).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
