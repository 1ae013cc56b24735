import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import type { Logger } from '@mediai/kit/log';
import { fastify, LogController, type FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import type { GatewayMetrics } from './metrics.ts';
import { addAnswerBytes } from './plugins/answer-bytes.ts';
import { addAuthentication } from './plugins/authenticate.ts';
import { acceptForms } from './plugins/forms.ts';
import { acceptJson } from './plugins/json-body.ts';
import { addObservation } from './plugins/observe.ts';
import { addOpenApi } from './plugins/openapi.ts';
import { addProblems, answerBadAddress, answerBrokenRequest } from './plugins/problems.ts';
import { addSecurityHeaders } from './plugins/security-headers.ts';
import { addThrottles } from './plugins/throttle.ts';
import { addAppointmentRoutes } from './routes/appointments.ts';
import { addAttachmentRoutes } from './routes/attachments.ts';
import { addAnnuaireRoutes } from './routes/annuaire.ts';
import { addTokenRoutes } from './routes/auth.ts';
import { addConsentementRoutes } from './routes/consentements.ts';
import { addConversationRoutes } from './routes/conversations.ts';
import { addDocumentRoutes } from './routes/document.ts';
import { addDossierRoutes } from './routes/dossier.ts';
import { addEffacementRoutes } from './routes/effacements.ts';
import { addEtablissementRoutes } from './routes/etablissements.ts';
import { addFieldChoicesRoute } from './routes/field-choices.ts';
import { addExportRoutes } from './routes/exports.ts';
import { addFicheRoutes } from './routes/fiche-consultation.ts';
import { addFicheUpdateRoutes } from './routes/fiche-update.ts';
import { addFicheListRoutes } from './routes/fiche-lists.ts';
import { addHealthRoute } from './routes/health.ts';
import { addHomeRoute } from './routes/home.ts';
import { addLabResultRoutes } from './routes/lab-results.ts';
import { addMeRoutes } from './routes/me.ts';
import { addMesDonneesRoutes } from './routes/mes-donnees.ts';
import { addPasswordRoutes } from './routes/passwords.ts';
import { addRedocRoutes } from './routes/redoc.ts';
import { addTwilioRoutes } from './routes/twilio.ts';
import { addReferenceRoutes } from './routes/references.ts';
import { addSignatureRoutes } from './routes/signatures.ts';
import { addUserRoutes } from './routes/users.ts';
import { addWebhookRoutes } from './routes/webhooks.ts';
import { addWhatsappRoutes } from './routes/whatsapp.ts';
import { accesSchema } from './wire/acces-json.ts';
import { appointmentSchema } from './wire/appointment-json.ts';
import { attachmentSchema } from './wire/attachment-json.ts';
import { consentementSchema } from './wire/consentement-json.ts';
import { conversationSchema, messageSchema } from './wire/conversation-json.ts';
import { effacementSchema } from './wire/effacement-json.ts';
import { etablissementSchema } from './wire/etablissement-json.ts';
import { exportSchema } from './wire/export-json.ts';
import { ficheSchema } from './wire/fiche-json.ts';
import { ficheMessageSchema } from './wire/fiche-message-json.ts';
import { historiqueSchema } from './wire/historique-json.ts';
import { dossierSchema } from './wire/dossier-json.ts';
import { labResultSchema } from './wire/lab-result-json.ts';
import { referenceSchema } from './wire/reference-json.ts';
import { problemSchema } from './wire/route-schema.ts';
import { userCourtSchema, userSchema } from './wire/user-json.ts';
import { webhookSchema } from './wire/webhook-json.ts';

const BODY_LIMIT_BYTES = 1_048_576;
const REQUEST_ID = /^[\w.:-]{1,128}$/;
const ALLOWED_HEADERS = ['authorization', 'content-type', 'accept', 'x-csrftoken', 'idempotency-key', 'if-match', 'x-access-reason', 'x-request-id'];
const EXPOSED_HEADERS = ['etag', 'x-request-id', 'retry-after', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'content-disposition', 'location', 'deprecation', 'link'];

export interface AppOptions {
  readonly config: Config;
  readonly deps: Deps;
  readonly log: Logger;
  readonly metrics: GatewayMetrics;
}

/** The REST API, ready to listen or to be injected into. */
export async function createApp({ config, deps, log, metrics }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger, // a line's request is told by its context
    routerOptions: { ignoreTrailingSlash: true },
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: config.GATEWAY_TRUSTED_PROXIES ?? false,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    frameworkErrors: answerBadAddress,
    clientErrorHandler: answerBrokenRequest,
    genReqId: (request) => {
      const id = request.headers['x-request-id'];
      return typeof id === 'string' && REQUEST_ID.test(id) ? id : randomUUID();
    },
    ajv: { customOptions: { allErrors: true, coerceTypes: 'array', removeAdditional: false, strict: false } },
  }) as unknown as FastifyInstance;

  addObservation(app, metrics);
  addProblems(app);
  acceptJson(app);
  await app.register(cors, { origin: config.GATEWAY_CORS_ORIGINS, credentials: true, maxAge: 86_400, strictPreflight: false, allowedHeaders: ALLOWED_HEADERS, exposedHeaders: EXPOSED_HEADERS, methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] });
  addAnswerBytes(app);
  addSecurityHeaders(app, { hsts: config.MEDIAI_MODE === 'production' });
  await addAuthentication(app, { fetchJwks: async () => ({ keys: (await deps.auth.getJwks({})).keys.map(({ kty, kid, alg, use, n, e }) => ({ kty, kid, alg, use, n, e })) }) });
  const schemas = [problemSchema, userSchema, userCourtSchema, etablissementSchema, consentementSchema, ficheSchema, accesSchema, historiqueSchema, ficheMessageSchema, referenceSchema, labResultSchema, messageSchema, conversationSchema, appointmentSchema, attachmentSchema, exportSchema, effacementSchema, webhookSchema, dossierSchema];
  for (const schema of schemas) app.addSchema(schema);
  addThrottles(app, { config, log, metrics });
  await addOpenApi(app);
  addRedocRoutes(app);
  addHomeRoute(app, config);
  addHealthRoute(app, deps);
  for (const addRoutes of [addTokenRoutes, addPasswordRoutes, addMeRoutes, addUserRoutes, addAnnuaireRoutes, addEtablissementRoutes, addConsentementRoutes]) addRoutes(app, deps);
  addFicheListRoutes(app, deps);
  addFieldChoicesRoute(app);
  addFicheRoutes(app, deps);
  addDossierRoutes(app, deps);
  addReferenceRoutes(app, deps);
  for (const addRoutes of [addExportRoutes, addMesDonneesRoutes, addEffacementRoutes]) addRoutes(app, deps);
  await app.register(async (forms) => {
    await acceptForms(forms);
    addAttachmentRoutes(forms, deps);
    addFicheUpdateRoutes(forms, deps);
    addLabResultRoutes(forms, deps);
  });
  addSignatureRoutes(app, deps);
  addDocumentRoutes(app, deps);
  addConversationRoutes(app, deps);
  await addTwilioRoutes(app, deps);
  addWebhookRoutes(app, deps);
  addWhatsappRoutes(app, deps);
  addAppointmentRoutes(app, deps);
  return app;
}
