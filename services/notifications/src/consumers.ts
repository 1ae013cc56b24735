import { ficheProjection, topics, type ConsumeOptions, type EventHandler, type SqlExecutor, type TombstoneHandler } from '@mediai/events';
import { announceHandlers, type AnnounceUseCases } from './annonce/annonce-events.ts';

export type Projections = {
  users: { handlers: Record<string, EventHandler>; tombstones: Record<string, TombstoneHandler> };
  etablissements: Record<string, EventHandler>;
  fiches: ReturnType<typeof ficheProjection>['handlers'];
};

/** Topic -> events -> handler. What announces comes after the projection that it replaces. */
export function createConsumption(useCases: AnnounceUseCases, { users, etablissements, fiches }: Projections): Pick<ConsumeOptions, 'groupId' | 'topics' | 'handlers' | 'tombstones'> {
  return {
    groupId: 'notifications',
    topics: [topics.user, topics.etablissement, topics.fiche, topics.appointment].map(({ name }) => name),
    handlers: { ...users.handlers, ...etablissements, ...fiches, ...announceHandlers(useCases) },
    tombstones: users.tombstones,
  };
}

/** Handlers that keep the states of fiches. */
export const createFicheProjection = (db: SqlExecutor) => ficheProjection(db).handlers;
