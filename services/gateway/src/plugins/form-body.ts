import { AppError } from '@mediai/kit/errors';
import type { FastifyInstance } from 'fastify';

/** One field of a form, as it was sent; a name may come several times. */
export interface FormField {
  readonly nom: string;
  readonly valeur: string;
}

const FIELDS_MAX = 200;

/** Forms only (WHATWG URL, section 5), for the routes of this instance: each body is the list of its fields, in their order. */
export function acceptUrlencoded(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/x-www-form-urlencoded(?:\s*;.*)?$/i, { parseAs: 'string' }, (_request, text, done) => {
    const fields: FormField[] = [];
    for (const [nom, valeur] of new URLSearchParams(text as string)) {
      if (fields.length === FIELDS_MAX) return done(new AppError('invalid', 'requete.illisible', `Ce formulaire compte plus de ${FIELDS_MAX} champs.`), undefined);
      fields.push({ nom, valeur });
    }
    done(null, fields);
  });
  app.addContentTypeParser('*', (request, _payload, done) => {
    if (request.headers['content-length'] === '0') return done(null, []);
    done(new AppError('invalid', 'requete.type_non_pris_en_charge', "Ce type de contenu n'est pas pris en charge : envoyez un formulaire.", { cause: { statusCode: 415 } }), undefined);
  });
}
