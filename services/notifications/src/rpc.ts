import { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import { implement, type Implementation } from '@mediai/kit/grpc';
import { healthMethod, implementHealth, type Checks } from '@mediai/kit/health';
import { createCodeHandlers } from './code/code-rpc.ts';
import type { SendCode } from './code/send-code.ts';
import { createDeliveryHandlers } from './delivery/delivery-rpc.ts';
import type { Send } from './delivery/send.ts';

export type UseCases = { send: Send; sendCode: SendCode };

/** Methods that need no access token. */
export const publicMethods = [healthMethod];

/** Method -> handler. */
export function createRpc(useCases: UseCases, checks: Checks): Implementation[] {
  return [implement(NotificationsService, { ...createDeliveryHandlers(useCases), ...createCodeHandlers(useCases) }), implementHealth(checks)];
}
