import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AppointmentSchema } from '@mediai/contracts/appointments/v1/appointments_service';
import { ConsentementSchema, EtablissementSchema, UserCourtSchema, UserSchema } from '@mediai/contracts/auth/v1/auth_service';
import { FicheConsultationSchema, Vue } from '@mediai/contracts/consultation/v1/fiche';
import { AttachmentSchema } from '@mediai/contracts/consultation/v1/attachment_service';
import { FicheChangementSchema, FicheMessageSchema, FicheReferenceSchema, LabResultSchema } from '@mediai/contracts/consultation/v1/dossier_service';
import { EffacementSchema } from '@mediai/contracts/consultation/v1/effacement_service';
import { ExportJobSchema } from '@mediai/contracts/consultation/v1/export_service';
import { AccesFicheSchema } from '@mediai/contracts/consultation/v1/fiche_service';
import { ConversationSchema, MessageIaSchema } from '@mediai/contracts/ia/v1/ia_service';
import { WebhookEventSchema } from '@mediai/contracts/notifications/v1/webhook_service';
import type { AppError } from '@mediai/kit/errors';
import { createLogger } from '@mediai/kit/log';
import { currentBaggage } from '@mediai/kit/telemetry';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { createSigner } from 'fast-jwt';
import { generateKeyPairSync } from 'node:crypto';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';
import type { Deps } from './deps.ts';
import { createGatewayMetrics, type GatewayMetrics } from './metrics.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
export const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' };

/** An access token as auth would issue it: of patient 7 unless told otherwise. */
export function token(claims: Record<string, unknown> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  return createSigner({ key: pem, algorithm: 'RS256', kid: 'k1' })({ iss: 'mediai', aud: 'mediai', sub: '7', iat: now, exp: now + 600, jti: 'j1', role: 'patient', is_staff: false, is_superuser: false, approuve: true, etablissement_id: 1, ...claims });
}

/** Claims of those who are not that patient. */
export const medecin = { sub: '2', role: 'medecin' };
export const pending = { sub: '3', role: 'medecin', approuve: false };
export const admin = { sub: '4', is_staff: true };
export const superuser = { sub: '5', is_staff: true, is_superuser: true };

export const fiche = create(FicheConsultationSchema, {
  id: 12, nom: 'Kabila', prenom: 'Jean', febrile: 'Oui', temperature: 39.2, numeroDossier: 'CONS-20261124-001', user: 7, status: 'en_analyse', urgence: 'orange', orientation: 'Consultez dans l’heure.',
  dateConsultation: '2026-11-24', createdAt: timestampFromDate(new Date('2026-11-24T08:00:00Z')), version: 3, vue: Vue.PATIENT, signesVitauxManquants: ['spo2'],
});
const appointment = create(AppointmentSchema, { id: 5, patient: 7, patientUsername: 'jean', status: 'pending', consultationMode: 'presentiel', version: 1 });
const conversation = create(ConversationSchema, { id: 1, titre: 'Fièvre', fiche: 12 });
const attachment = create(AttachmentSchema, { id: 8, fiche: 12, kind: 'prescription', uploadedBy: 7, uploadedByUsername: 'jean', createdAt: timestampFromDate(new Date('2026-11-24T08:00:00Z')), nom: 'Ordonnance été.pdf', typeMime: 'application/pdf', taille: 8n, extension: 'pdf' });
const message = create(MessageIaSchema, { id: 3, conversation: 1, role: 'user', content: 'Bonjour' });
const user = create(UserSchema, {
  id: 7, username: 'jean', firstName: 'Jean', lastName: 'Kabila', phone: '+243970000001', role: 'patient', isActive: true, etablissementId: 1,
  patientProfile: { dateOfBirth: '1990-04-12', phoneNumber: '0970000001', commune: 'Kampemba' },
});
const medecinUser = create(UserSchema, { id: 2, username: 'dr.ilunga', firstName: 'Aimée', lastName: 'Ilunga', role: 'medecin', isActive: true, etablissementId: 1, medecinProfile: { specialty: 'Pédiatrie', isAvailable: true, isApproved: true } });
const court = create(UserCourtSchema, { id: 7, username: 'jean', firstName: 'Jean', lastName: 'Kabila', role: 'patient' });
const etablissement = create(EtablissementSchema, { id: 1, nom: 'Centre Kampemba', fuseau: 'Africa/Lubumbashi', consentementIa: 'presume', textes: { accueil: 'Bienvenue' }, version: 1 });
const consentement = create(ConsentementSchema, { id: 1, finalite: 'analyse_ia', version: '2026-11', accordeLe: timestampFromDate(new Date('2026-11-24T08:00:00Z')) });
const acces = create(AccesFicheSchema, { id: 9n, le: timestampFromDate(new Date('2026-11-24T08:00:00Z')), acteurId: 2, acteurUsername: 'dr.ilunga', acteurNom: 'Aimée Ilunga', acteurRole: 'medecin', action: 'fiche.lire', raison: 'Garde de nuit' });
const changement = create(FicheChangementSchema, {
  version: 3, le: timestampFromDate(new Date('2026-11-24T08:00:00Z')), acteurId: 2, acteurUsername: 'dr.ilunga', acteurNom: 'Aimée Ilunga', acteurRole: 'medecin', action: 'fiche.editer',
  champs: [{ champ: 'diagnostic', libelle: 'Diagnostic', avant: 'null', apres: '"Paludisme simple"' }, { champ: 'pouls', libelle: 'Pouls' }],
});
const exportJob = create(ExportJobSchema, {
  id: 8, createdBy: 4, createdByName: 'Marie Admin', exportFormat: 'csv', dateStart: '2026-01-01', dateEnd: '2026-11-24', filtres: { status: ['valide_medecin'], ageMin: 15 }, status: 'completed', progress: 100,
  fichier: 'fiches_20260101_20261124_8.csv', fileSize: 12_902_400n, recordsCount: 3, recordsTotal: 3, createdAt: timestampFromDate(new Date('2026-11-24T08:00:00Z')),
  startedAt: timestampFromDate(new Date('2026-11-24T08:00:01Z')), completedAt: timestampFromDate(new Date('2026-11-24T08:00:13.500Z')), expiresAt: timestampFromDate(new Date('2026-12-01T08:00:13.500Z')),
});
const exportPersonnel = create(ExportJobSchema, { id: 9, createdBy: 7, exportFormat: 'json', includePersonalData: true, status: 'pending', createdAt: timestampFromDate(new Date('2026-11-24T08:00:00Z')) });
const effacement = create(EffacementSchema, { id: 6, user: 7, userName: 'Jean Kabila', motif: 'Je pars.', statut: 'en_attente', demandeLe: timestampFromDate(new Date('2026-11-24T08:00:00Z')) });
/** A file as consultation sends it. */
async function* fichierExport() {
  yield { contenu: { case: 'entete', value: { nom: 'fiches_20260101_20261124_8.csv', typeMime: 'text/csv; charset=utf-8', taille: 9n } } };
  yield { contenu: { case: 'octets', value: Buffer.from('id\r\n') } };
  yield { contenu: { case: 'octets', value: Buffer.from('1\r\n2\n') } };
}
const le = timestampFromDate(new Date('2026-11-24T08:00:00Z'));
const ficheMessage = create(FicheMessageSchema, { id: 4, fiche: 12, author: 7, authorUsername: 'jean', authorName: 'Jean Kabila', content: 'La fièvre est revenue.', createdAt: le });
const reference = create(FicheReferenceSchema, { id: 6, fiche: 12, title: 'Paludisme grave', source: 'has', year: 2021, createdAt: le });
const result = create(LabResultSchema, { id: 8, fiche: 12, typeAnalyse: 'Goutte épaisse', valeur: '+++', datePrelevement: '2026-11-24', createdAt: le });
const webhook = create(WebhookEventSchema, {
  id: 6, eventType: 'whatsapp_incoming', externalId: 'SM1', senderPhone: '+243970000001', recipientPhone: '+14155238886', content: 'La fièvre est revenue.', rawPayload: '{"Body":"La fièvre est revenue."}',
  processingStatus: 'processed', relatedUserId: 7, relatedUserName: 'Jean Kabila', relatedFicheId: 12, relatedFicheNumber: 'CONS-20261124-001', createdMessageId: 31,
  receivedAt: timestampFromDate(new Date('2026-11-24T09:00:00Z')), processedAt: timestampFromDate(new Date('2026-11-24T09:00:01Z')),
});
const withFile = create(LabResultSchema, { ...result, id: 9, fichier: 'résultat.pdf' });
/** Number of a colleague's fiche. */
export const RESERVEE = 'CONS-20261124-002';
const one = { count: 1, countExact: true };

export interface Call {
  readonly method: string;
  readonly request: Record<string, unknown>;
  readonly options: Record<string, unknown>;
  /** What travelled beside the trace. */
  readonly baggage: string | undefined;
}

export interface World {
  readonly app: FastifyInstance;
  readonly metrics: GatewayMetrics;
  /** What was asked of the services since `forget`, keys of tokens left out. */
  readonly calls: Call[];
  /** The error with which every call fails from now on. */
  failure: AppError | undefined;
  readonly forget: () => void;
  /** A request with the token of that patient, or with the claims given. */
  readonly send: (method: InjectOptions['method'], url: string, more?: Omit<InjectOptions, 'method' | 'url'> & { claims?: Record<string, unknown> }) => Promise<LightMyRequestResponse>;
}

export const required = { MEDIAI_MODE: 'test', INTERNAL_PORT: '0', AUTH_GRPC: 'x:1', CONSULTATION_GRPC: 'x:2', IA_GRPC: 'x:3', APPOINTMENTS_GRPC: 'x:4', NOTIFICATIONS_GRPC: 'x:5' };

/**
 * The gateway before services in this process that record each call and give a fixed answer; limits are off unless the environment says otherwise.
 * @param reach how the services are reached, where it is not by calls within the process
 */
export async function startWorld(env: Record<string, string> = {}, write: (line: string) => void = () => undefined, reach: (fakes: Deps) => Promise<Deps> = async (fakes) => fakes): Promise<World> {
  const metrics = createGatewayMetrics();
  const calls: Call[] = [];
  const service = (answers: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(answers).map(([method, answer]) => [
        method,
        async (asked: Record<string, unknown> | AsyncIterable<unknown>, options: Record<string, unknown>) => {
          if (world.failure && method !== 'getJwks' && Symbol.asyncIterator in asked) await asked[Symbol.asyncIterator]().return?.();
          const request = Symbol.asyncIterator in asked && !world.failure ? { messages: await readAll(asked as AsyncIterable<unknown>) } : (asked as Record<string, unknown>);
          if (method !== 'getJwks') calls.push({ method, request, options, baggage: currentBaggage() });
          if (world.failure && method !== 'getJwks') throw world.failure;
          return typeof answer === 'function' ? answer(request) : answer;
        },
      ]),
    );
  const checks = { getChecks: async () => ({ checks: { database: 'ok', kafka: 'ok' } }) };
  const deps = { ...answersOf(service), health: { auth: checks, consultation: checks, ia: checks, appointments: checks, notifications: checks }, close: () => undefined } as unknown as Deps;
  const log = createLogger({ service: 'gateway', level: 'info', stream: { write } });
  const app = await createApp({ config: loadConfig({ ...required, MEDIAI_THROTTLES: 'off', ...env }), deps: await reach(deps), log, metrics });
  const world: World = {
    app,
    metrics,
    calls,
    failure: undefined,
    forget: () => {
      calls.length = 0;
      world.failure = undefined;
    },
    send: (method, url, { claims, ...more } = {}) => app.inject({ method, url, ...more, headers: { authorization: `Bearer ${token(claims)}`, ...more.headers } } as InjectOptions),
  };
  await app.ready();
  return world;
}

async function readAll(messages: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const message of messages) all.push(message);
  return all;
}

/** The messages of a small file. */
async function* fileOf(nom: string, typeMime: string, text: string) {
  yield { contenu: { case: 'entete', value: { nom, typeMime, taille: BigInt(text.length) } } };
  yield { contenu: { case: 'octets', value: Buffer.from(text) } };
}

/** A list that goes on behind the place `suite`. */
const suivie = (answer: object) => ({ cursor }: { cursor?: string }) => ({ ...answer, nextCursor: cursor === 'suite' ? 'encore' : undefined });

function answersOf(service: (answers: Record<string, unknown>) => unknown) {
  return {
    auth: service({
      getJwks: { keys: [jwk] }, issueToken: { access: 'a', refresh: 'r' }, refreshToken: { access: 'a2', refresh: 'r2' }, verifyToken: {}, logout: {}, register: { user, replayed: false }, getMe: { user },
      listUsers: { users: [user], ...one }, getUser: { user }, createUser: { user, replayed: true }, updateUser: { user }, deleteUser: {}, approveUser: { user: medecinUser },
      listMedecins: { users: [medecinUser], ...one }, getMedecin: { user: medecinUser }, listPatients: { users: [user], ...one }, listUsersCourts: { users: [court], ...one }, getUserCourt: { user: court },
      changePassword: { access: 'a3', refresh: 'r3' }, requestPasswordReset: {}, confirmPasswordReset: {},
      listEtablissements: { etablissements: [etablissement], ...one }, getEtablissement: { etablissement }, createEtablissement: { etablissement, replayed: false }, updateEtablissement: { etablissement }, deleteEtablissement: {},
      listConsentements: { consentements: [consentement], ...one }, giveConsentement: { consentement, replayed: false }, withdrawConsentement: {},
    }),
    fiches: service({
      createFiche: { fiche, replayed: false }, getFiche: { fiche }, updateFiche: { fiche }, deleteFiche: {},
      listFiches: ({ search, cursor }: { search?: string; cursor?: string }) => (search === 'longue' ? { fiches: [fiche], count: 10_000, countExact: false, nextCursor: 'derriere' } : cursor ? { fiches: [fiche], count: 45, countExact: true } : search === RESERVEE ? { fiches: [], count: 0, countExact: true, reservee: { id: 13, numeroDossier: RESERVEE } } : { fiches: [fiche], count: 45, countExact: true }),
      validateFiche: { fiche }, rejectFiche: { fiche }, relancerFiche: { taskId: 't1', status: 'en_analyse', estimatedSeconds: 30 }, editDiagnostic: { fiche }, listAccesFiche: { acces: [acces], ...one },
      sendWhatsapp: { messageSid: 'SM1', status: 'envoye', success: true, detail: 'Message envoyé.' }, sendNotification: { messageSid: 'SM2', status: 'envoye', detail: 'Message envoyé.' },
    }),
    signatures: service({ signFiche: { fiche }, downloadSignature: () => fileOf('s.png', 'image/png', 'PNG') }),
    attachments: service({
      listAttachments: suivie({ attachments: [attachment], ...one }), createAttachment: { attachment, replayed: false }, getAttachment: { attachment }, updateAttachment: { attachment }, deleteAttachment: {},
      downloadAttachment: () => fileOf('Ordonnance été.pdf', 'application/pdf', '%PDF-1.4'),
    }),
    dossier: service({
      listFicheMessages: { messages: [ficheMessage] }, createFicheMessage: { message: ficheMessage, replayed: false, urgence: 'rouge', orientation: 'Allez tout de suite aux urgences.' }, listFicheReferences: { references: [reference] }, listReferences: suivie({ references: [reference], ...one }),
      getReference: { reference }, createReference: { reference, replayed: true }, updateReference: { reference }, deleteReference: {}, listLabResults: suivie({ results: [result], ...one }), getLabResult: { result },
      createLabResult: { result, replayed: false }, updateLabResult: { result }, deleteLabResult: {}, uploadLabResult: { result: withFile, replayed: false }, replaceLabResultFile: { result: withFile }, downloadLabResult: () => fileOf('résultat.pdf', 'application/pdf', '%PDF-1.4'),
      assignMedecin: { fiche }, restoreFiche: { fiche }, listHistorique: { changements: [changement], ...one },
    }),
    exports: service({
      createExport: { export: exportJob, replayed: false }, listExports: { exports: [exportJob], ...one }, getExport: { export: exportJob }, downloadExport: () => fichierExport(),
      createExportPersonnel: { export: exportPersonnel, replayed: true, existant: true }, listExportsPersonnels: { exports: [exportPersonnel], ...one }, getExportPersonnel: { export: exportPersonnel }, downloadExportPersonnel: () => fichierExport(),
    }),
    effacements: service({
      createEffacement: { effacement, replayed: false }, listMesEffacements: { effacements: [effacement], ...one }, listEffacements: { effacements: [effacement], ...one },
      acceptEffacement: { effacement: { ...effacement, statut: 'effacee' } }, rejectEffacement: { effacement: { ...effacement, statut: 'refusee', motifRefus: 'Traitement en cours.' } },
    }),
    documents: service({ getDossier: { fiche, messages: [ficheMessage], references: [reference], labResults: [result], attachments: [attachment] }, exportPdf: () => fileOf('fiche_CONS-20261124-001.pdf', 'application/pdf', 'abcdef'), verifyDocument: { statut: 'authentique', emisLe: timestampFromDate(new Date('2026-11-24T07:02:00Z')) }, revokeVerifications: { revoques: 2 } }),
    ia: service({ listConversations: { conversations: [conversation], ...one }, getConversation: { conversation }, listConversationMessages: { messages: [message] }, listMessages: { messages: [message], ...one }, getMessage: { message } }),
    webhooks: service({ takeTwilioCallback: {}, listWebhookEvents: { events: [webhook], ...one }, getWebhookEvent: { event: webhook }, createWebhookEvent: { event: webhook, replayed: false } }),
    whatsapp: service({
      sendOnboarding: { messageSid: 'SM3', etat: 'envoye', detail: 'Les instructions ont été envoyées par SMS.' }, getSandboxStatus: { isInSandbox: true },
      getWhatsappQr: { whatsappUrl: 'https://wa.me/14155238886?text=join%20mangue', phoneNumber: '+14155238886', message: 'join mangue', instructions: 'Scannez le code.', qrData: 'https://wa.me/14155238886?text=join%20mangue' },
    }),
    appointments: service({ createAppointment: { appointment }, listAppointments: { appointments: [appointment], ...one }, getAppointment: { appointment }, confirmAppointment: { appointment }, declineAppointment: { appointment }, cancelAppointment: { appointment } }),
  };
}
