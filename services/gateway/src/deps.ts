import { AppointmentsService } from '@mediai/contracts/appointments/v1/appointments_service';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { AttachmentService } from '@mediai/contracts/consultation/v1/attachment_service';
import { DocumentService } from '@mediai/contracts/consultation/v1/document_service';
import { DossierService } from '@mediai/contracts/consultation/v1/dossier_service';
import { EffacementService } from '@mediai/contracts/consultation/v1/effacement_service';
import { ExportService } from '@mediai/contracts/consultation/v1/export_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { SignatureService } from '@mediai/contracts/consultation/v1/signature_service';
import { HealthService } from '@mediai/contracts/health/v1/health_service';
import { IaService } from '@mediai/contracts/ia/v1/ia_service';
import { WebhookService } from '@mediai/contracts/notifications/v1/webhook_service';
import { WhatsappService } from '@mediai/contracts/notifications/v1/whatsapp_service';
import { openPeer, type GrpcTls } from '@mediai/kit/grpc';
import type { Logger } from '@mediai/kit/log';
import type { Config } from './config.ts';
import type { GatewayMetrics } from './metrics.ts';

export interface DepsOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: GatewayMetrics;
  readonly tls?: GrpcTls | undefined;
}

/** The services behind the gateway, one kept connection each. */
export function createDeps({ config, log, metrics, tls }: DepsOptions) {
  const open = (name: string, address: string) => openPeer(name, { address, deadlineMs: config.GATEWAY_DEADLINE_MS, tls, log, metrics });
  const peers = {
    auth: open('auth', config.AUTH_GRPC),
    consultation: open('consultation', config.CONSULTATION_GRPC),
    ia: open('ia', config.IA_GRPC),
    appointments: open('appointments', config.APPOINTMENTS_GRPC),
    notifications: open('notifications', config.NOTIFICATIONS_GRPC),
  };
  const clients = {
    auth: peers.auth.connect(AuthService),
    fiches: peers.consultation.connect(FicheService),
    attachments: peers.consultation.connect(AttachmentService),
    signatures: peers.consultation.connect(SignatureService),
    dossier: peers.consultation.connect(DossierService),
    exports: peers.consultation.connect(ExportService),
    effacements: peers.consultation.connect(EffacementService),
    documents: peers.consultation.connect(DocumentService),
    ia: peers.ia.connect(IaService),
    appointments: peers.appointments.connect(AppointmentsService),
    webhooks: peers.notifications.connect(WebhookService),
    whatsapp: peers.notifications.connect(WhatsappService),
  };
  const health = Object.fromEntries(Object.entries(peers).map(([name, peer]) => [name, peer.connect(HealthService)]));
  return {
    ...clients,
    health,
    close(): void {
      for (const client of [...Object.values(clients), ...Object.values(health)]) client.close();
    },
  };
}

export type Deps = ReturnType<typeof createDeps>;
