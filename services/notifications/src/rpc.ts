import { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import { WebhookService } from '@mediai/contracts/notifications/v1/webhook_service';
import { WhatsappService } from '@mediai/contracts/notifications/v1/whatsapp_service';
import { implement, type Implementation } from '@mediai/kit/grpc';
import { healthMethod, implementHealth, type Checks } from '@mediai/kit/health';
import { createCodeHandlers } from './code/code-rpc.ts';
import type { SendCode } from './code/send-code.ts';
import { createDeliveryHandlers } from './delivery/delivery-rpc.ts';
import type { Send } from './delivery/send.ts';
import { createWhatsappHandlers, type WhatsappUseCases } from './onboarding/whatsapp-rpc.ts';
import { createWebhookHandlers, type WebhookUseCases } from './webhook/webhook-rpc.ts';

export type UseCases = { send: Send; sendCode: SendCode } & WebhookUseCases & WhatsappUseCases;

/** Methods that need no access token; the provider's calls bear a signature. */
export const publicMethods = [healthMethod, `${WebhookService.typeName}/TakeTwilioCallback`];

/** Method -> handler. */
export function createRpc(useCases: UseCases, checks: Checks): Implementation[] {
  return [
    implement(NotificationsService, { ...createDeliveryHandlers(useCases), ...createCodeHandlers(useCases) }),
    implement(WebhookService, createWebhookHandlers(useCases)),
    implement(WhatsappService, createWhatsappHandlers(useCases)),
    implementHealth(checks),
  ];
}
