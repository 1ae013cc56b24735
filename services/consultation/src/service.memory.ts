import type { MessageInitShape } from '@bufbuild/protobuf';
import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuthService, type UserSchema } from '@mediai/contracts/auth/v1/auth_service';
import { DocumentService } from '@mediai/contracts/consultation/v1/document_service';
import { DossierService } from '@mediai/contracts/consultation/v1/dossier_service';
import { EffacementService } from '@mediai/contracts/consultation/v1/effacement_service';
import { ExportService } from '@mediai/contracts/consultation/v1/export_service';
import { AttachmentService } from '@mediai/contracts/consultation/v1/attachment_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { MessageEntrantService } from '@mediai/contracts/consultation/v1/message_entrant_service';
import { SignatureService } from '@mediai/contracts/consultation/v1/signature_service';
import { IaService } from '@mediai/contracts/ia/v1/ia_service';
import { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import type { Acteur } from '@mediai/kit/acteur';
import { AppError } from '@mediai/kit/errors';
import { connect, implement, serve } from '@mediai/kit/grpc';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { createTestDatabase, testPart } from '@mediai/testing';
import { loadConfig } from './config.ts';
import { createDeps } from './deps.ts';
import { openDepot } from './fichier/depot.ts';
import type { Analyse } from './fiche/validate-fiche.ts';
import { createConsultationMetrics } from './metrics.ts';
import { createRpc, publicMethods } from './rpc.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An access token of an actor, as auth signs it. */
export function jeton(acteur: Acteur): string {
  const maintenant = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'mediai', aud: 'mediai', sub: acteur.service ? `service:${acteur.service}` : String(acteur.id), exp: maintenant + 600, iat: maintenant, jti: randomUUID(), role: acteur.role,
    is_staff: acteur.estAdmin, is_superuser: acteur.estSuperuser, approuve: acteur.approuve, etablissement_id: acteur.etablissementId,
  };
  const corps = `${encode({ alg: 'RS256', typ: 'JWT', kid: 'test' })}.${encode(claims)}`;
  return `${corps}.${createSign('RSA-SHA256').update(corps).sign(privateKey, 'base64url')}`;
}

/** The user whose tokens auth has revoked. */
export const idRevoque = 99;

const serviceActeur: Acteur = { id: 0, role: 'service', service: 'consultation', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 0, token: '' };

/** Stand-ins of auth, ia and notifications that speak their gRPC. */
async function startPeers() {
  const peers = { analyses: new Map<number, Analyse>(), envois: [] as object[], asked: [] as string[], consentements: new Map<number, string>(), comptes: new Map<number, MessageInitShape<typeof UserSchema>>(), fermes: [] as number[], away: false };
  const noter = (methode: string): void => {
    peers.asked.push(methode);
    if (peers.away) throw new AppError('unavailable');
  };
  const log = createLogger({ service: 'peers', level: 'silent' });
  const server = await serve({
    services: [
      implement(AuthService, {
        getJwks: async () => ({ keys: [{ ...(publicKey.export({ format: 'jwk' }) as { n: string; e: string }), kty: 'RSA', kid: 'test', alg: 'RS256', use: 'sig' }] }),
        issueServiceToken: async () => ({ token: jeton(serviceActeur), expiresInSeconds: 600 }),
        getRevocations: async () => ({ revocations: [{ userId: idRevoque, validFrom: BigInt(Math.floor(Date.now() / 1000) + 60) }] }),
        getUsers: async ({ ids }) => {
          noter('getUsers');
          return { users: [...peers.comptes.values()].filter(({ id }) => ids.includes(id ?? 0)).concat(ids.filter((id) => id === 2 || id === 3).map((id) => ({ id, username: `medecin.${id}`, firstName: 'Jean', lastName: 'Ilunga', role: 'medecin', isActive: true, etablissementId: 1, medecinProfile: { isAvailable: true, isApproved: true } }))) };
        },
        deleteUser: async ({ id }) => {
          noter('deleteUser');
          peers.fermes.push(id);
          return {};
        },
        getConsentement: async ({ userId }) => {
          noter('getConsentement');
          return { etat: peers.consentements.get(userId) ?? 'absent' };
        },
        getEtablissement: async ({ id }) => ({ id, nom: 'Centre', fuseau: 'Africa/Lubumbashi', consentementIa: 'presume' }),
      }),
      implement(IaService, {
        getAnalyse: async ({ id }) => {
          noter('getAnalyse');
          const analyse = peers.analyses.get(id);
          if (!analyse) throw new AppError('not_found');
          return { ...analyse, synthese: analyse.synthese ?? undefined, urgenceIa: analyse.urgenceIa ?? undefined };
        },
      }),
      implement(NotificationsService, {
        send: async (envoi) => {
          noter('send');
          peers.envois.push(envoi);
          return { deliveryId: peers.envois.length, messageSid: `SM${peers.envois.length}`, etat: 'envoye', dejaEnvoye: false };
        },
      }),
    ],
    host: '127.0.0.1', port: 0, log, metrics: createMetrics('peers'),
    publicMethods: [...AuthService.methods, ...IaService.methods, ...NotificationsService.methods].filter(({ localName }) => ['getJwks', 'issueServiceToken', 'getRevocations', 'getUsers', 'getEtablissement', 'getConsentement', 'getAnalyse', 'send', 'deleteUser'].includes(localName)).map((methode) => `${methode.parent.typeName}/${methode.name}`),
  });
  return { ...peers, server, setAway: (away: boolean) => { peers.away = away; } };
}

/**
 * The whole service over its own real database, on port 0, with stand-ins of its peers and no broker to be reached:
 * what it must be able to do without one.
 */
export async function startService() {
  const base = await createTestDatabase('consultation');
  const peers = await startPeers();
  const peer = `127.0.0.1:${peers.server.port}`;
  const fichiers = mkdtempSync(join(tmpdir(), 'consultation-'));
  const config = loadConfig({
    CONSULTATION_FICHIERS_DIR: fichiers,
    MEDIAI_MODE: 'test', GRPC_PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: base.appUrl, KAFKA_BROKERS: '127.0.0.1:1', AUTH_GRPC: peer, IA_GRPC: peer, NOTIFICATIONS_GRPC: peer,
    SERVICE_SECRET: 'a secret of tests only', REDIS_URL: testPart('redisUrl'), MEDIAI_PUBLIC_URL: 'https://mediai.example', MEDIAI_URGENCE_TELEPHONE: '+243810000112', LOG_LEVEL: 'debug',
  });
  const lines: string[] = [];
  const log = createLogger({ service: 'consultation', level: config.LOG_LEVEL, stream: { write: (line) => void lines.push(line) } });
  const metrics = createConsultationMetrics();
  const deps = createDeps({ config, log, metrics });
  const server = await serve({ services: createRpc(deps.useCases, deps.checks), host: '127.0.0.1', port: 0, verify: deps.verify, publicMethods, log, metrics });
  const address = `127.0.0.1:${server.port}`;
  const client = connect(FicheService, { address });
  const dossier = connect(DossierService, { address });
  const exports = connect(ExportService, { address });
  const effacements = connect(EffacementService, { address });
  const entrants = connect(MessageEntrantService, { address });
  const attachments = connect(AttachmentService, { address });
  const documents = connect(DocumentService, { address, deadlineMs: 20_000 });
  const signatures = connect(SignatureService, { address });
  return {
    base, peers, lines, log, metrics, deps, client, dossier, exports, effacements, attachments, documents, signatures, entrants, fichiers, depot: openDepot(config), port: server.port,
    async close(): Promise<void> {
      client.close();
      for (const un of [dossier, exports, effacements, attachments, documents, signatures, entrants]) un.close();
      await server.close(1_000);
      await deps.close();
      await peers.server.close(1_000);
      await base.drop();
      rmSync(fichiers, { recursive: true, force: true });
    },
  };
}
