import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

const DESCRIPTION = `L'API REST de MediAI. Un patient remplit une fiche de consultation ; des règles y cherchent aussitôt les signes d'alerte, plusieurs modèles l'analysent, un médecin décide.

Authentification : \`Authorization: Bearer <access>\`, obtenu par \`POST /api/v1/auth/token/\`. Les erreurs sont des documents RFC 9457 ; chaque champ refusé y est un membre dont la valeur est une liste de messages.

\`x-role\` dit à qui s'adresse une opération ; ce qui n'est pas à vous est introuvable (404). La fiche d'un confrère s'ouvre avec \`X-Access-Reason\` (UTF-8 encodé en pourcents), que le patient peut lire. Un POST répété avec la même \`Idempotency-Key\` reçoit la première réponse. Les requêtes sont limitées : \`RateLimit-Limit\`, \`RateLimit-Remaining\` et \`RateLimit-Reset\` (secondes) disent ce qui reste, un 429 dit quand réessayer (\`Retry-After\`).`;

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><text x="0" y="28" font-family="system-ui,sans-serif" font-size="26" font-weight="700" fill="#fff">MediAI</text></svg>';

/** OpenAPI 3.1 at /api/schema/ and Swagger UI at /api/docs/, both from the route schemas. */
export async function addOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'MediAI', version: '1.0.0', description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/' }],
      tags: [
        { name: 'Comptes', description: 'Comptes et jetons' },
        { name: 'Établissements' },
        { name: 'Consentements' },
        { name: 'Fiches', description: 'Fiches de consultation' },
        { name: 'Pièces jointes', description: 'Fichiers joints à une fiche' },
        { name: 'Dossier', description: "Ce qui entoure une fiche : messages, références, résultats, historique" },
        { name: 'Conversations', description: "Messages d'une fiche et des modèles" },
        { name: 'Rendez-vous' },
        { name: 'Exports', description: 'Exports de fiches' },
        { name: 'Mes données', description: 'Ses propres données et leur effacement' },
        { name: 'Effacements', description: "Décision des demandes d'effacement" },
        { name: 'Notifications', description: 'WhatsApp et SMS : ce qui arrive, ce qui part' },
        { name: 'Santé du système' },
      ],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json['$id'] ?? `schema-${index}`) },
  });
  await app.register(swaggerUi, { routePrefix: '/api/docs', logo: { type: 'image/svg+xml', content: Buffer.from(LOGO) }, theme: { title: 'MediAI : documentation' }, staticCSP: true, transformStaticCSP: (header) => header.replace(/ ?upgrade-insecure-requests;?/, ''), uiConfig: { deepLinking: true } });
  app.get('/api/schema/', { schema: { hide: true } }, (_request, reply) => reply.type('application/json').send(app.swagger()));
}
