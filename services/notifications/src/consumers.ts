import { ficheProjection, topics, type ConsumeOptions, type EventHandler, type SqlExecutor, type TombstoneHandler } from '@mediai/events';
import { announceHandlers, type AnnounceUseCases } from './annonce/annonce-events.ts';

/** What is done about a user who was forgotten, after the projection. */
export type Forget = (userId: number) => Promise<void>;

export type Projections = {
  users: { handlers: Record<string, EventHandler>; tombstones: Record<string, TombstoneHandler> };
  etablissements: Record<string, EventHandler>;
  fiches: ReturnType<typeof ficheProjection>['handlers'];
};

/** Topic -> events -> handler. What announces comes after the projection that it replaces. */
export function createConsumption(useCases: AnnounceUseCases, { users, etablissements, fiches }: Projections, forget: Forget): Pick<ConsumeOptions, 'groupId' | 'topics' | 'handlers' | 'tombstones'> {
  return {
    groupId: 'notifications',
    topics: [topics.user, topics.etablissement, topics.fiche, topics.appointment].map(({ name }) => name),
    handlers: { ...users.handlers, ...etablissements, ...fiches, ...announceHandlers(useCases) },
    tombstones: Object.fromEntries(Object.entries(users.tombstones).map(([type, handle]) => [type, then(handle, forget)])),
  };
}

const then = (handle: TombstoneHandler, forget: Forget): TombstoneHandler => async (meta) => {
  await handle(meta);
  await forget(Number(meta.key));
};

/** Handlers that keep the states of fiches. */
export const createFicheProjection = (db: SqlExecutor) => ficheProjection(db).handlers;
