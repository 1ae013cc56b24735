import { toBinary } from '@bufbuild/protobuf';
import { SendOnboardingRequestSchema, type WhatsappService } from '@mediai/contracts/notifications/v1/whatsapp_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { wayBackMs } from '../delivery/delivery-rpc.ts';
import type { GetSandboxStatus } from './get-sandbox-status.ts';
import type { GetWhatsappQr } from './get-whatsapp-qr.ts';
import type { SendOnboarding } from './send-onboarding.ts';

export type WhatsappUseCases = { sendOnboarding: SendOnboarding; getWhatsappQr: GetWhatsappQr; getSandboxStatus: GetSandboxStatus };

/** The way into WhatsApp, from message to command and back. */
export function createWhatsappHandlers({ sendOnboarding, getWhatsappQr, getSandboxStatus }: WhatsappUseCases) {
  return {
    async sendOnboarding(request, context) {
      const acteur = acteurOf(context);
      const cle = context.idempotencyKey;
      const idempotence = cle === undefined ? undefined : { acteurId: acteur.id, route: 'SendOnboarding', cle, corps: toBinary(SendOnboardingRequestSchema, request) };
      const { messageSid, etat, detail } = await sendOnboarding(acteur, request.phoneNumber, { waitMs: Math.max(0, context.deadlineMs - wayBackMs), idempotence });
      return { messageSid: messageSid ?? undefined, etat, detail };
    },
    async getWhatsappQr(_request, context) {
      const { lien, numero, message, instructions } = getWhatsappQr(acteurOf(context));
      return { whatsappUrl: lien, phoneNumber: numero, message, instructions, qrData: lien };
    },
    getSandboxStatus: async ({ phone }, context) => ({ isInSandbox: await getSandboxStatus(acteurOf(context), phone) }),
  } satisfies Handlers<typeof WhatsappService>;
}
