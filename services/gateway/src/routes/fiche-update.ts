import { schemaCreation, versFicheInput } from '@mediai/fiche';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions, expectedVersion } from '../wire/call-options.ts';
import { ficheAnswer, readFiche, readId, readTexts } from '../wire/fiche-input.ts';
import { ficheExample } from '../wire/fiche-json.ts';
import { uploadOf } from '../wire/form.ts';
import { bodyByHand, objectBody } from '../wire/object-body.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/fiche-consultation/';
const SIGNATURE = 'signature_medecin';
const FICHE = { $ref: 'FicheConsultation#' };

type Update = { Params: { id: number }; Body: Record<string, unknown> };

/** Edits of a fiche, as JSON or, with the image of a signature, as a form; add them to a scope that accepts forms. */
export function addFicheUpdateRoutes(app: FastifyInstance, { fiches, signatures }: Deps): void {
  const route = protectedRoute('Fiches');
  const signature = { type: ['string', 'null'], description: "En JSON : `null` la retire (médecins seulement), toute autre valeur est ignorée. En formulaire : l'image, PNG ou JPEG, 2 Mo au plus." };

  for (const method of ['PUT', 'PATCH'] as const) {
    const complet = method === 'PUT';
    const schema = schemaCreation();
    const body = { ...schema, properties: complet ? schema['properties'] : { ...(schema['properties'] as object), [SIGNATURE]: signature }, required: complet ? schema['required'] : [], examples: [complet ? ficheExample : { temperature: '38,5', pouls: 98 }] };
    app.route<Update>({
      method,
      url: `${BASE}:id/`,
      ...route(complet ? 'Remplacer une fiche' : 'Modifier une fiche', 'actif', { ...(complet ? {} : { consumes: ['application/json', 'multipart/form-data'] }), params: idParams, body, response: { 200: FICHE, ...problems(400, 401, 403, 404, 409, 412, ...(complet ? [] : [413, 503] as const)) } }),
      validatorCompiler: complet ? bodyByHand(app).validatorCompiler : jsonOrForm(app),
      handler: async (request, reply) => {
        const sign = !complet && request.isMultipart();
        const { fiche } = sign
          ? await signatures.signFiche(uploadOf(request, SIGNATURE, (fields) => updateOf(request, fields, false)), callOptions(request))
          : await fiches.updateFiche({ ...updateOf(request, sentBody(request), complet), retirerSignature: !complet && request.body[SIGNATURE] === null }, callOptions(request));
        return ficheAnswer(reply, fiche);
      },
    });
  }
}

function sentBody({ body }: FastifyRequest<Update>): Update['Body'] {
  const read = objectBody(body);
  if ('error' in read) throw read.error;
  return body;
}

/** What a body, or the fields of a form, change of a fiche. @throws AppError invalid by field */
function updateOf(request: FastifyRequest<Update>, body: Record<string, unknown>, complet: boolean) {
  return { id: request.params.id, fiche: versFicheInput(readFiche(body, { complet, defauts: false })), complet, user: readId(body, 'user'), textes: readTexts(body), versionAttendue: expectedVersion(request) };
}

/** A form has no body yet (null): it is read as it comes; `sentBody` refuses a JSON that is none. */
function jsonOrForm(app: FastifyInstance): ReturnType<typeof bodyByHand>['validatorCompiler'] {
  const { validatorCompiler } = bodyByHand(app);
  return (one) => (one.httpPart === 'body' ? (data: unknown) => (data == null ? { value: data } : objectBody(data)) : validatorCompiler(one));
}
