import { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import { implement, type Implementation } from '@mediai/kit/grpc';
import { healthMethod, implementHealth, type Checks } from '@mediai/kit/health';
import { createDeliveryHandlers } from './delivery/delivery-rpc.ts';
import type { Send } from './delivery/send.ts';

/** Methods that need no access token. */
export const publicMethods = [healthMethod];

/** Method -> handler. */
export function createRpc(useCases: { send: Send }, checks: Checks): Implementation[] {
  return [implement(NotificationsService, createDeliveryHandlers(useCases)), implementHealth(checks)];
}
