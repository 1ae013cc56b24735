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
import { connect, type GrpcTls } from '@mediai/kit/grpc';
import type { Logger } from '@mediai/kit/log';
import type { Config } from './config.ts';
import type { GatewayMetrics } from './metrics.ts';

export interface DepsOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: GatewayMetrics;
  readonly tls?: GrpcTls | undefined;
}

/** The services behind the gateway, one kept channel each. */
export function createDeps({ config, log, metrics, tls }: DepsOptions) {
  const to = (address: string) => ({ address, deadlineMs: config.GATEWAY_DEADLINE_MS, tls, log, metrics });
  const addresses = {
    auth: config.AUTH_GRPC,
    consultation: config.CONSULTATION_GRPC,
    ia: config.IA_GRPC,
    appointments: config.APPOINTMENTS_GRPC,
    notifications: config.NOTIFICATIONS_GRPC,
  };
  const clients = {
    auth: connect(AuthService, to(addresses.auth)),
    fiches: connect(FicheService, to(addresses.consultation)),
    attachments: connect(AttachmentService, to(addresses.consultation)),
    signatures: connect(SignatureService, to(addresses.consultation)),
    dossier: connect(DossierService, to(addresses.consultation)),
    exports: connect(ExportService, to(addresses.consultation)),
    effacements: connect(EffacementService, to(addresses.consultation)),
    documents: connect(DocumentService, to(addresses.consultation)),
    ia: connect(IaService, to(addresses.ia)),
    appointments: connect(AppointmentsService, to(addresses.appointments)),
    webhooks: connect(WebhookService, to(addresses.notifications)),
    whatsapp: connect(WhatsappService, to(addresses.notifications)),
  };
  const health = Object.fromEntries(Object.entries(addresses).map(([name, address]) => [name, connect(HealthService, to(address))]));
  return {
    ...clients,
    health,
    close(): void {
      for (const client of [...Object.values(clients), ...Object.values(health)]) client.close();
    },
  };
}

export type Deps = ReturnType<typeof createDeps>;
