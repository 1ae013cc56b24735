import { topics, type EventHandler, type TombstoneHandler } from '@mediai/events';
import { createAnalyseHandlers } from './analyse/analyse-events.ts';
import type { createTakeAnalyse } from './analyse/take-analyse.ts';
import type { AnnuaireStore } from './annuaire/annuaire-store.ts';
import { createEtablissementHandlers } from './annuaire/etablissement-events.ts';

export type Consumed = {
  takeAnalyse: ReturnType<typeof createTakeAnalyse>;
  annuaire: Pick<AnnuaireStore, 'projeterEtablissement'>;
  users: { handlers: Record<string, EventHandler>; tombstones: Record<string, TombstoneHandler> };
};

/** Group of this service on the topics. */
export const consumerGroup = 'consultation';

/** Topics consumed. */
export const consumedTopics = [topics.analyse.name, topics.user.name, topics.etablissement.name];

/** Event -> handler. */
export function createHandlers({ takeAnalyse, annuaire, users }: Consumed) {
  return {
    handlers: { ...createAnalyseHandlers(takeAnalyse), ...createEtablissementHandlers(annuaire), ...users.handlers },
    tombstones: users.tombstones,
  };
}
