import { invalid } from '@mediai/kit/errors';
import type { FastifyRequest } from 'fastify';
import { readContent, readForm } from '../plugins/forms.ts';

const ID_MAX = 2_147_483_647;

export type Fields = Record<string, string>;

/** One message of an upload: how the client calls the file, its bytes, what is said of it. */
export type Upload<F> = { contenu: { case: 'entete'; value: { nom: string } } | { case: 'octets'; value: Uint8Array } | { case: 'formulaire'; value: F } };

/**
 * A form with one file as the messages of an upload, as it comes: the file may stand before or behind the fields, which
 * go last. Other files than that of `fileName` are passed over.
 * @param toForm what the fields say; may refuse them
 * @throws AppError what `readForm` throws; invalid `fichier.absent` for a body that is no form
 */
export async function* uploadOf<F>(request: FastifyRequest, fileName: string, toForm: (fields: Fields) => F): AsyncGenerator<Upload<F>> {
  if (!request.isMultipart()) throw invalid({ [fileName]: ['Envoyez le fichier dans un formulaire (multipart/form-data).'] }, 'fichier.absent');
  const fields: Fields = {};
  for await (const part of readForm(request, fileName)) {
    if (part.kind === 'field') fields[part.name] = part.value;
    else if (part.name !== fileName) for await (const _ of readContent(part.content, fileName));
    else {
      yield { contenu: { case: 'entete', value: { nom: part.fileName.slice(0, 1_000) } } };
      for await (const octets of readContent(part.content, fileName)) yield { contenu: { case: 'octets', value: octets } };
    }
  }
  yield { contenu: { case: 'formulaire', value: toForm(fields) } };
}

/** An id in a field of a form. @throws AppError invalid by its name */
export function requiredId(fields: Fields, name: string): number {
  const text = fields[name]?.trim() ?? '';
  if (text === '') throw invalid({ [name]: ['Ce champ est obligatoire.'] });
  const id = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (!(id >= 1 && id <= ID_MAX)) throw invalid({ [name]: ["Cette valeur n'est pas un identifiant."] });
  return id;
}
