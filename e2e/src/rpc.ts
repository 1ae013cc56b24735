import { AppointmentsService } from '@mediai/contracts/appointments/v1/appointments_service';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { DocumentService } from '@mediai/contracts/consultation/v1/document_service';
import { DossierService } from '@mediai/contracts/consultation/v1/dossier_service';
import { EffacementService } from '@mediai/contracts/consultation/v1/effacement_service';
import { ExportService } from '@mediai/contracts/consultation/v1/export_service';
import { AttachmentService } from '@mediai/contracts/consultation/v1/attachment_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { SignatureService } from '@mediai/contracts/consultation/v1/signature_service';
import { HealthService } from '@mediai/contracts/health/v1/health_service';
import { MessageEntrantService } from '@mediai/contracts/consultation/v1/message_entrant_service';
import { IaService } from '@mediai/contracts/ia/v1/ia_service';
import { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import { WebhookService } from '@mediai/contracts/notifications/v1/webhook_service';
import { WhatsappService } from '@mediai/contracts/notifications/v1/whatsapp_service';
import { toAppError, type AppError } from '@mediai/kit/errors';
import { connect, type CallOptions } from '@mediai/kit/grpc';
import { suiteState, type Service } from './suite.ts';

type Call = (request: object, options: CallOptions) => Promise<unknown>;
type Client = { close: () => void } & Record<string, Call>;

/** Each proto service, and the process that owns it. */
export const RPC_SERVICES = {
  AuthService: { desc: AuthService, owner: 'auth' },
  AttachmentService: { desc: AttachmentService, owner: 'consultation' },
  SignatureService: { desc: SignatureService, owner: 'consultation' },
  FicheService: { desc: FicheService, owner: 'consultation' },
  DocumentService: { desc: DocumentService, owner: 'consultation' },
  DossierService: { desc: DossierService, owner: 'consultation' },
  ExportService: { desc: ExportService, owner: 'consultation' },
  EffacementService: { desc: EffacementService, owner: 'consultation' },
  MessageEntrantService: { desc: MessageEntrantService, owner: 'consultation' },
  AppointmentsService: { desc: AppointmentsService, owner: 'appointments' },
  IaService: { desc: IaService, owner: 'ia' },
  NotificationsService: { desc: NotificationsService, owner: 'notifications' },
  WebhookService: { desc: WebhookService, owner: 'notifications' },
  WhatsappService: { desc: WhatsappService, owner: 'notifications' },
  HealthService: { desc: HealthService, owner: 'consultation' },
} as const;
export type RpcService = keyof typeof RPC_SERVICES;

export type RpcAnswer = { readonly body: Record<string, unknown>; readonly error?: undefined } | { readonly error: AppError; readonly body?: undefined };
/**
 * Calls a method. One that takes a stream is sent the messages of an array, or the one message; of one that answers with
 * a stream all is read, as `{ messages }`, or the error at which it breaks.
 */
export type CallRpc = (method: string, request: object | readonly object[], options?: CallOptions & { service?: Service }) => Promise<RpcAnswer>;

/** Clients that ask the services themselves, past the gateway. `method` is `AuthService.GetMe`. */
export async function openRpc(): Promise<{ callRpc: CallRpc; close: () => void }> {
  const { services } = await suiteState();
  const clients = new Map<string, Client>();
  const clientOf = (name: string, service: Service | undefined): Client => {
    const known = RPC_SERVICES[name as RpcService];
    if (!known) throw new Error(`${name} is no service of rpc.ts`);
    const address = services[service ?? known.owner].grpc;
    const key = `${name} ${address}`;
    const client = clients.get(key) ?? (connect(known.desc, { address, deadlineMs: 15_000 }) as unknown as Client);
    clients.set(key, client);
    return client;
  };
  return {
    async callRpc(method, request, { service, ...options } = {}) {
      const [name = '', rpc = ''] = method.split('.');
      const localName = rpc.charAt(0).toLowerCase() + rpc.slice(1);
      const call = clientOf(name, service)[localName];
      const kind = RPC_SERVICES[name as RpcService].desc.methods.find((one) => one.localName === localName)?.methodKind;
      if (!call) throw new Error(`${method} is no method of ${name}`);
      try {
        const answer = await call(kind === 'client_streaming' && !Array.isArray(request) ? [request] : request, options);
        return { body: (kind === 'server_streaming' ? { messages: await readAll(answer as AsyncIterable<unknown>) } : answer) as Record<string, unknown> };
      } catch (thrown) {
        return { error: toAppError(thrown) };
      }
    },
    close: () => clients.forEach((client) => client.close()),
  };
}

async function readAll(answers: AsyncIterable<unknown>): Promise<unknown[]> {
  const messages: unknown[] = [];
  for await (const message of answers) messages.push(message);
  return messages;
}
