import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { IaService } from '@mediai/contracts/ia/v1/ia_service';
import { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import { createConsumer, createKafka, createKafkaProducer, createRelay, pruneIdempotence, pruneInbox, readOutboxGauges } from '@mediai/events';
import { createSchemaCheck, holdLock, readServerLimit, type HeldLock } from '@mediai/db';
import { createTokenVerifier } from '@mediai/kit/acteur';
import { createCache, createSealedCache } from '@mediai/kit/cache';
import type { AppError } from '@mediai/kit/errors';
import { connect, type GrpcTls } from '@mediai/kit/grpc';
import type { Checks } from '@mediai/kit/health';
import type { Logger } from '@mediai/kit/log';
import { createGaugeReader } from '@mediai/kit/metrics';
import { createTimer } from '@mediai/kit/work';
import type { Journal } from './acces/journal.ts';
import { createJournal } from './acces/journal-store.ts';
import { createListAccesFiche } from './acces/list-acces-fiche.ts';
import { createGetFicheClinique } from './analyse/get-fiche-clinique.ts';
import { createLireAnalyse } from './analyse/ia-client.ts';
import { createRelancerFiche } from './analyse/relancer-fiche.ts';
import { createSweepAnalyses } from './analyse/sweep-analyses.ts';
import { createTakeAnalyse } from './analyse/take-analyse.ts';
import { createAnnuaireStore, createUserProjection } from './annuaire/annuaire-store.ts';
import { createAnnuaire } from './annuaire/annuaire.ts';
import { createAuthClient } from './annuaire/auth-client.ts';
import { createComptes } from './annuaire/compte-client.ts';
import { createAttachmentStore } from './attachment/attachment-store.ts';
import type { Config, SeedConfig } from './config.ts';
import { consumedTopics, consumerGroup, createHandlers } from './consumers.ts';
import { openDatabase } from './database-store.ts';
import { createDossierUseCases, type DossierParts } from './dossier.ts';
import { createSeedFiches } from './demo/seed-fiches.ts';
import { createEmpreinte } from './document/contenu.ts';
import { createAtelier } from './document/dessin/atelier.ts';
import { createExportPdf } from './document/export-pdf.ts';
import { createGetDossier } from './document/get-dossier.ts';
import { createLirePieces } from './document/lire-pieces.ts';
import { createLireImageSignature } from './document/lire-image-signature.ts';
import type { Dessiner } from './document/ports.ts';
import { createRevokeVerifications } from './document/verification/revoke-verifications.ts';
import { createVerificationStore } from './document/verification/verification-store.ts';
import { createJetons, type VerificationStore } from './document/verification/verification.ts';
import { createVerifyDocument } from './document/verification/verify-document.ts';
import { createDestinationStore, type DestinationStore } from './entrant/destination-store.ts';
import { createTakeInboundMessage } from './entrant/take-inbound-message.ts';
import { createContenuCle } from './envoi/contenu-cle.ts';
import { createGetDestinataire } from './envoi/get-destinataire.ts';
import { createEnvoyer } from './envoi/notifications-client.ts';
import { createSendNotification, type Envoyer } from './envoi/send-notification.ts';
import { assembleExports } from './export/assemble-exports.ts';
import { createExportStore } from './export/export-store.ts';
import { createExportWorker } from './export/export-worker.ts';
import { createLignesFiches } from './export/lignes-store.ts';
import { createLireAttente } from './fiche/attente-store.ts';
import { createAssignMedecin } from './fiche/assign-medecin.ts';
import { createChangeFiche } from './fiche/change-fiche.ts';
import { createCreateFiche } from './fiche/create-fiche.ts';
import { createDeleteFiche } from './fiche/delete-fiche.ts';
import { premiereDecision } from './fiche/fiche.ts';
import { createEditDiagnostic } from './fiche/edit-diagnostic.ts';
import { createFichesEnCache } from './fiche/fiche-cache.ts';
import { createFicheStore, type OptionsFicheStore } from './fiche/fiche-store.ts';
import { createGetAccesFiche, createGetAccesPage, createGetFiche } from './fiche/get-fiche.ts';
import { createListFiches } from './fiche/list-fiches.ts';
import { createNumerosDossier } from './fiche/numero-dossier.ts';
import { createNoterLecture, createOpenFiche, createVues } from './fiche/open-fiche.ts';
import type { Annuaire, FicheStore, Horloge } from './fiche/ports.ts';
import { ecrireOrientation, regles } from './fiche/regles.ts';
import { createRejectFiche } from './fiche/reject-fiche.ts';
import { createRestoreFiche } from './fiche/restore-fiche.ts';
import { createUpdateFiche } from './fiche/update-fiche.ts';
import { createValidateFiche, type LireAnalyse } from './fiche/validate-fiche.ts';
import { openDepot } from './fichier/depot.ts';
import { createLabStore } from './lab/lab-store.ts';
import { createMessageStore } from './message/message-store.ts';
import { createReferenceStore } from './reference/reference-store.ts';
import { createHistorique } from './historique/changement-store.ts';
import { createClamd, sansScanner } from './fichier/clamd-client.ts';
import { createDeposerFichier } from './fichier/deposer-fichier.ts';
import { createFichierStore } from './fichier/fichier-store.ts';
import { createLireFichier } from './fichier/lire-fichier.ts';
import type { DepotFichiers, FichierStore, Scanner } from './fichier/ports.ts';
import { createTenirDossier } from './fichier/tenir-dossier.ts';
import { createSweepFichiers } from './fichier/sweep-fichiers.ts';
import type { ConsultationMetrics } from './metrics.ts';
import { createEffacementStore } from './personne/effacement-store.ts';
import { createPersonneStore } from './personne/personne-store.ts';
import { createJetonsSignature } from './signature/jeton-signature.ts';
import { createLireSignature } from './signature/lire-signature.ts';
import { createSignFiche } from './signature/sign-fiche.ts';
import type { UseCases, UseCasesPersonne } from './rpc.ts';

const sweepEveryMs = 2_000;
const sweepFichiersEveryMs = 60_000;
const pruneEveryMs = 3_600_000;
const sweepExportsEveryMs = 60_000;
/** What runs of an export may end within this time when the service stops; the rest is gone on with by another. */
const stopExportsMs = 1_000;

/** Drawing a fiche takes about 0.1 s, one full of its longest texts some seconds; the gateway waits 10 s. */
const dessin = { ouvriers: 2, attente: 16, delaiMs: 8_000 };

/** The migrations that this version carries. */
const migrationsDir = join(import.meta.dirname, '../prisma/migrations');

/** A key of its own for each use, from the one secret of this service. */
const keyFor = (secret: string, use: string): string => createHmac('sha256', secret).update(`consultation:${use}`).digest('base64url');

/** What printed documents are made with. */
export type PartsDocument = { verifications: VerificationStore; dessiner: Dessiner };

export type Parts = DossierParts & {
  fiches: FicheStore;
  /** Where fiches are found that are only read; the store itself unless given. */
  lecture?: Pick<FicheStore, 'find'>;
  journal: Journal;
  destinations: DestinationStore;
  annuaire: Annuaire;
  lireAnalyse: LireAnalyse;
  envoyer: Envoyer;
  fichiers: FichierStore;
  depot: DepotFichiers;
  scanner: Scanner;
  documents: PartsDocument;
  /** Where people reach the suite. */
  publicUrl: string;
  secret: string;
  clock: Horloge;
};

/** The use cases over their parts, whatever these are made of. */
export function createUseCases(parts: Parts) {
  const { fiches, lecture = fiches, journal, annuaire, lireAnalyse, envoyer, fichiers, depot, scanner, documents, publicUrl, secret, clock } = parts;
  const openFiche = createOpenFiche({ fiches, journal, clock });
  const lireFichier = createLireFichier({ fichiers, depot });
  const ouvrirPourLire = createOpenFiche({ fiches: lecture, journal, clock });
  const noterLecture = createNoterLecture({ journal });
  const signatures = createJetonsSignature({ cle: keyFor(secret, 'signature'), publicUrl, clock });
  const vues = createVues({ annuaire, orientation: ecrireOrientation, adresseSignature: signatures.adresse });
  const changeFiche = createChangeFiche({ fiches, journal, openFiche, noterLecture, vues });
  const numeros = createNumerosDossier({ prendreBloc: fiches.prendreBloc });
  const { verifications, dessiner } = documents;
  const empreinte = createEmpreinte(keyFor(secret, 'document-empreinte'));
  const jetons = createJetons(keyFor(secret, 'document-jeton'));
  const adresse = (jeton: string): string => `${publicUrl.replace(/\/+$/, '')}/api/v1/verification/${jeton}/`;
  const contenuCle = createContenuCle(keyFor(secret, 'contenu'));
  const updateFiche = createUpdateFiche({ changeFiche, annuaire, regles, clock });
  const deposerFichier = createDeposerFichier({ fichiers, depot, scanner });
  const lirePieces = createLirePieces(parts);
  const useCases: Omit<UseCases, keyof UseCasesPersonne> = {
    createFiche: createCreateFiche({ fiches, journal, annuaire, regles, numeros, vues, clock }),
    getFiche: createGetFiche({ openFiche: ouvrirPourLire, noterLecture, vues }),
    getAccesFiche: createGetAccesFiche({ openFiche: ouvrirPourLire, noterLecture }),
    getAccesPage: createGetAccesPage({ fiches, journal }),
    listAccesFiche: createListAccesFiche({ openFiche: ouvrirPourLire, noterLecture, journal, annuaire }),
    listFiches: createListFiches({ fiches, journal, vues }),
    updateFiche,
    signFiche: createSignFiche({ deposerFichier, updateFiche }),
    downloadSignature: createLireSignature({ signatures, lireFichier }),
    deleteFiche: createDeleteFiche({ changeFiche }),
    validateFiche: createValidateFiche({ changeFiche, lireAnalyse, annuaire, clock }),
    rejectFiche: createRejectFiche({ changeFiche, annuaire, clock }),
    editDiagnostic: createEditDiagnostic({ changeFiche }),
    assignMedecin: createAssignMedecin({ changeFiche, annuaire }),
    restoreFiche: createRestoreFiche({ fiches, journal, openFiche, noterLecture, vues, clock }),
    ...createDossierUseCases({ ...parts, openFiche, noterLecture, deposerFichier, lireFichier }),
    takeInboundMessage: createTakeInboundMessage({ destinations: parts.destinations, fiches, messages: parts.messages, trier: regles.trier, clock }),
    relancerFiche: createRelancerFiche({ changeFiche, clock }),
    getFicheClinique: createGetFicheClinique({ openFiche: ouvrirPourLire, noterLecture, annuaire, regles, clock }),
    sendNotification: createSendNotification({ openFiche, journal, envoyer }),
    nommer: annuaire.nommer,
    getDestinataire: createGetDestinataire({ openFiche: ouvrirPourLire, noterLecture, contenuCle }),
    exportPdf: createExportPdf({ openFiche: ouvrirPourLire, noterLecture, vues, annuaire, lirePieces, lireSignature: createLireImageSignature({ lireFichier }), verifications, jetons, empreinte, dessiner, adresse, clock }),
    getDossier: createGetDossier({ ...parts, openFiche: ouvrirPourLire, noterLecture, vues }),
    verifyDocument: createVerifyDocument({ verifications, fiches: lecture, lirePieces, empreinte }),
    revokeVerifications: createRevokeVerifications({ verifications, openFiche, journal, clock }),
  };
  return {
    useCases,
    vues,
    takeAnalyse: createTakeAnalyse({ fiches, lireAnalyse, clock }),
    sweepAnalyses: createSweepAnalyses({ fiches, clock }),
    sweepFichiers: createSweepFichiers({ fichiers, depot, clock }),
  };
}

type Options = { config: Config; log: Logger; metrics: ConsultationMetrics; tls?: GrpcTls | undefined };

/** The service wired together; nothing is connected until it is used. */
export function createDeps({ config, log, metrics, tls }: Options) {
  const clock: Horloge = () => new Date();
  const database = openDatabase(config.DATABASE_URL, metrics);
  const kafka = createKafka({ clientId: 'consultation', brokers: config.KAFKA_BROKERS, log });
  const relay = createRelay({ databaseUrl: config.DATABASE_URL, producer: createKafkaProducer(kafka), log, metrics });
  const cache = createCache({ url: config.REDIS_URL, log, metrics });
  const committed: OptionsFicheStore['committed'] = (types, ecrite, avant) => {
    for (const type of types) metrics.ficheEvents.inc({ type });
    if (avant && premiereDecision(types, avant)) metrics.ficheWait.observe((clock().getTime() - avant.created_at.getTime()) / 1_000);
    relay.wake();
    if (ecrite && types.includes('FicheDeleted')) void lecture.oublier(ecrite.id, ecrite.version);
  };
  const secretCles = keyFor(config.SERVICE_SECRET, 'idempotence');
  const ecritures = { secret: secretCles, clock, committed };
  const fiches = createFicheStore(database.db, ecritures);
  const lecture = createFichesEnCache({ fiches, cache: createSealedCache({ cache, secret: keyFor(config.SERVICE_SECRET, 'cache'), scope: config.DATABASE_URL }) });

  const peer = (address: string) => ({ address, deadlineMs: 3_000, tls, log, metrics });
  const clients = {
    auth: connect(AuthService, peer(config.AUTH_GRPC)),
    ia: connect(IaService, peer(config.IA_GRPC)),
    notifications: connect(NotificationsService, peer(config.NOTIFICATIONS_GRPC)),
  };
  const auth = createAuthClient({ client: clients.auth, secret: config.SERVICE_SECRET });
  const annuaireStore = createAnnuaireStore(database.db);
  const atelier = createAtelier({ ...dessin, compter: (issue) => metrics.documents.inc({ issue }) });

  const journal = createJournal(database.db, { secret: secretCles });
  const annuaire = createAnnuaire({ store: annuaireStore, auth, telephoneUrgence: config.MEDIAI_URGENCE_TELEPHONE ?? null, clock });
  const depot = openDepot(config);

  const { useCases, vues, takeAnalyse, sweepAnalyses, sweepFichiers } = createUseCases({
    fiches,
    lecture,
    messages: createMessageStore(database.db, ecritures),
    references: createReferenceStore(database.db, ecritures),
    results: createLabStore(database.db, ecritures),
    attachments: createAttachmentStore(database.db, ecritures),
    historique: createHistorique(database.db),
    destinations: createDestinationStore(database.db),
    journal,
    annuaire,
    lireAnalyse: createLireAnalyse({ client: clients.ia, jetonDeService: auth.jetonDeService }),
    envoyer: createEnvoyer({ client: clients.notifications }),
    fichiers: createFichierStore(database.db),
    depot,
    scanner: config.CLAMD_ADDRESS ? createClamd({ adresse: config.CLAMD_ADDRESS }) : sansScanner,
    documents: {
      verifications: createVerificationStore(database.db, { secret: secretCles }),
      dessiner: atelier.dessiner,
    },
    publicUrl: config.MEDIAI_PUBLIC_URL,
    secret: config.SERVICE_SECRET,
    clock,
  });
  const exportStore = createExportStore(database.db, { secret: secretCles });
  const { useCases: useCasesPersonne, runExport, sweepExports } = assembleExports({
    exports: exportStore,
    lignes: createLignesFiches(database.db),
    effacements: createEffacementStore(database.db, { secret: secretCles, committed }),
    personnes: createPersonneStore(database.db),
    comptes: createComptes({ client: clients.auth, jetonDeService: auth.jetonDeService }),
    depot, journal, annuaire, clock,
    vues,
    onCreation: () => exportWorker.wake(),
    onLignes: (lignes) => metrics.exportRows.inc(lignes),
    onErreur: (exportId, err) => log.warn({ err, task: 'export', job_id: exportId }, 'export interrupted, it is tried again'),
  });
  const sweepFailed = (err: unknown): void => log.warn({ err, task: 'sweep_exports' }, 'files of exports could not be deleted, the next attempt comes in a minute');
  const exportWorker = createExportWorker({ exports: exportStore, run: runExport, onEnd: () => void sweepExports().catch(sweepFailed), clock, log, metrics });
  const balayageExports = createTimer({ run: sweepExports, intervalMs: sweepExportsEveryMs, onError: sweepFailed });
  const consumed = createHandlers({
    takeAnalyse: (fin) => metrics.task('take_analyse', () => takeAnalyse(fin)),
    annuaire: annuaireStore,
    users: createUserProjection(database.db),
  });
  const consumer = createConsumer({ kafka, groupId: consumerGroup, topics: consumedTopics, ...consumed, log, metrics });
  const sweep = createTimer({ run: sweepAnalyses, intervalMs: sweepEveryMs, onError: (err) => log.warn({ err, task: 'sweep_analyses' }, 'sweep of analyses failed, the next one comes soon') });
  const balayage = createTimer({ run: sweepFichiers, intervalMs: sweepFichiersEveryMs, onError: (err) => log.warn({ err, task: 'sweep_fichiers' }, 'files that nothing refers to could not be deleted, the next attempt comes in a minute') });
  const gauges = createGaugeReader({ reads: [readOutboxGauges(database.db, metrics), readServerLimit(database.db, metrics), createLireAttente(database.db, metrics)], log });
  const prune = createTimer({
    run: async () => {
      await pruneIdempotence(database.db);
      await pruneInbox(database.db);
    },
    intervalMs: pruneEveryMs, onError: (err) => log.warn({ err, task: 'prune' }, 'old keys could not be forgotten, the next attempt comes in an hour'),
  });

  const checks: Checks = {
    database: () => database.ping().then(() => 'ok' as const),
    schema: createSchemaCheck({ db: database.db, migrationsDir }),
    redis: async () => (cache.state() === 'ok' ? 'ok' : 'degraded'),
    kafka: async () => ((await relay.check()) === 'ok' && (await consumer.check()) === 'ok' ? 'ok' : 'degraded'),
  };
  const tenirDossier = createTenirDossier({ config, holdLock });
  let dossierTenu: HeldLock | undefined;
  return {
    useCases: { ...useCases, ...useCasesPersonne },
    /** Before `start`: makes sure that no other replica writes files where only one may. Throws AppError. */
    async claimFichiers(onLost: (reason: AppError) => void): Promise<void> {
      dossierTenu = await tenirDossier(onLost);
    },
    sweepFichiers,
    checks,
    consumed,
    exportWorker,
    sweepExports,
    verify: createTokenVerifier({ ...auth.jetons, issuer: 'mediai', audience: 'mediai' }),
    /** Relay, consumer and sweep, until `close`; each waits for its own parts. */
    start(): void {
      relay.start();
      consumer.start();
      sweep.start();
      balayage.start();
      prune.start();
      gauges.start();
      exportWorker.start();
      balayageExports.start();
    },
    async close(): Promise<void> {
      await Promise.all([sweep.stop(), balayage.stop(), prune.stop(), gauges.stop(), consumer.stop(), exportWorker.stop(stopExportsMs), balayageExports.stop(), atelier.close()]);
      await relay.stop();
      for (const client of Object.values(clients)) client.close();
      await cache.close();
      await depot.fermer?.();
      await dossierTenu?.release();
      await database.close();
    },
  };
}

export type Deps = ReturnType<typeof createDeps>;

/** What the seed needs, wired to the database alone: the running service publishes the events it leaves. */
export function createSeed(config: SeedConfig) {
  const clock: Horloge = () => new Date();
  const database = openDatabase(config.DATABASE_URL);
  const fiches = createFicheStore(database.db, { secret: '', clock, committed: () => undefined });
  return { seedFiches: createSeedFiches({ fiches, numeros: createNumerosDossier({ prendreBloc: fiches.prendreBloc }), regles, clock }), close: database.close };
}
