import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { bareCallOptions } from '../wire/call-options.ts';
import { openFile } from '../wire/download.ts';
import { fileAnswer, problems } from '../wire/route-schema.ts';

/** Signatures of médecins, shown by `<img>` under the address that a fiche bears: it needs no token and ends soon. */
export function addSignatureRoutes(app: FastifyInstance, { signatures }: Deps): void {
  const jeton = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,200}$', description: "La dernière partie de l'adresse `signature_medecin` d'une fiche." };
  const schema = { tags: ['Fiches'], summary: "Voir la signature d'un médecin", description: "Sans jeton d'accès ; l'adresse vaut quelques minutes.", params: { type: 'object', properties: { jeton }, required: ['jeton'] }, response: { 200: fileAnswer("L'image", 'image/png'), ...problems(404, 503) } };
  app.get<{ Params: { jeton: string } }>('/api/v1/signatures/:jeton/', { schema }, async (request, reply) => {
    const { entete, body } = await openFile(await signatures.downloadSignature({ jeton: request.params.jeton }, bareCallOptions(request)));
    reply.header('content-security-policy', "default-src 'none'; sandbox").header('x-content-type-options', 'nosniff');
    if (entete.taille !== undefined) reply.header('content-length', String(entete.taille));
    return reply.type(entete.typeMime).send(body);
  });
}
