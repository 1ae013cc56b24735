import multipart from '@fastify/multipart';
import { AppError, invalid } from '@mediai/kit/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Beyond what consultation takes: it counts, and says how much is too much. */
const FILE_BYTES = 10 * 1024 * 1024 + 1;
const FIELD_BYTES = 100 * 1024;
/** All fields together, which are in memory until the form ends: no more than a body of JSON. */
const FIELDS_BYTES = 1024 * 1024;
/** What a client may still send of a form that nobody reads any more, and for how long, before it is cut off. */
const DRAINED_BYTES = 32 * 1024 * 1024;
const DRAINED_MS = 30_000;

/** One part of a form, read as it comes. */
export type FormPart = { readonly kind: 'field'; readonly name: string; readonly value: string } | { readonly kind: 'file'; readonly name: string; readonly fileName: string; readonly content: AsyncIterable<Uint8Array> };

/** Forms with files (multipart/form-data), for the routes of this scope only: elsewhere they are refused as a type. */
export async function acceptForms(app: FastifyInstance): Promise<void> {
  await app.register(multipart, { throwFileSizeLimit: false, limits: { files: 1, fields: 200, parts: 201, fileSize: FILE_BYTES, fieldSize: FIELD_BYTES, fieldNameSize: 100, headerPairs: 20 } });
}

/**
 * The parts of a form as they come, never more of a file than is read. Whoever stops reading early stops the form; the
 * client may then finish sending, so that it reads the answer.
 * @param fileName name of the field of the file, for refusals
 * @throws AppError invalid `fichier.un_seul`, `requete.formulaire_illisible` (also of a form that is cut), by field, or 413
 */
export async function* readForm(request: FastifyRequest, fileName: string): AsyncGenerator<FormPart> {
  let fieldsBytes = 0;
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        yield { kind: 'file', name: part.fieldname, fileName: part.filename ?? '', content: part.file as AsyncIterable<Uint8Array> };
        continue;
      }
      const name = part.fieldname;
      if (part.valueTruncated || part.fieldnameTruncated) throw invalid({ [part.fieldnameTruncated ? 'non_field_errors' : name]: [`Un champ ne peut dépasser ${FIELD_BYTES / 1024} ko.`] }, 'requete.trop_grande');
      const value = typeof part.value === 'string' ? part.value : JSON.stringify(part.value);
      fieldsBytes += Buffer.byteLength(value);
      if (fieldsBytes > FIELDS_BYTES) throw formulaireTropGrand('Les champs du formulaire sont trop longs, tous ensemble.');
      yield { kind: 'field', name, value };
    }
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : refusalOf(thrown, fileName);
  } finally {
    drain(request);
  }
}

/** What of a file was read, or why it cannot be. */
export async function* readContent(content: AsyncIterable<Uint8Array>, fileName: string): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (thrown) {
    throw refusalOf(thrown, fileName);
  }
}

function refusalOf(thrown: unknown, fileName: string): AppError {
  const { code } = (thrown ?? {}) as { code?: unknown };
  if (code === 'FST_FILES_LIMIT') return invalid({ [fileName]: ['Envoyez un seul fichier à la fois.'] }, 'fichier.un_seul');
  if (code === 'FST_FIELDS_LIMIT' || code === 'FST_PARTS_LIMIT') return formulaireTropGrand('Le formulaire compte trop de champs.');
  return new AppError('invalid', 'requete.formulaire_illisible', "Le formulaire est illisible ou incomplet : recommencez l'envoi.", { cause: thrown });
}

const formulaireTropGrand = (detail: string): AppError => new AppError('invalid', 'requete.trop_grande', detail, { cause: { statusCode: 413 } });

/** Reads on and keeps nothing: an answer that comes before the end of a form is read by clients only when they have sent it. */
function drain({ raw }: FastifyRequest): void {
  if (raw.readableEnded || raw.destroyed) return;
  let left = DRAINED_BYTES;
  const cut = setTimeout(() => raw.destroy(), DRAINED_MS).unref();
  raw.unpipe();
  raw.on('data', (bytes: Buffer) => (left -= bytes.byteLength) < 0 && raw.destroy());
  raw.on('close', () => clearTimeout(cut));
  raw.resume();
}
