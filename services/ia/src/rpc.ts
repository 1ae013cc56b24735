import { IaService } from '@mediai/contracts/ia/v1/ia_service';
import { implement, type Implementation } from '@mediai/kit/grpc';
import { healthMethod, implementHealth, type Checks } from '@mediai/kit/health';
import { analyseRpc } from './analyse/analyse-rpc.ts';
import type { createGetAnalyse } from './analyse/get-analyse.ts';
import { conversationRpc } from './conversation/conversation-rpc.ts';
import type { ReadConversations } from './conversation/read-conversations.ts';

export type UseCases = { read: ReadConversations; getAnalyse: ReturnType<typeof createGetAnalyse> };

/** Methods that need no access token. */
export const publicMethods = [healthMethod];

/** Method -> handler. */
export function createRpc({ read, getAnalyse }: UseCases, checks: Checks): Implementation[] {
  return [implement(IaService, { ...conversationRpc(read), ...analyseRpc(getAnalyse) }), implementHealth(checks)];
}
