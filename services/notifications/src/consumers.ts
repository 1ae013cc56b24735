import { UserChangedSchema, type UserChanged } from '@mediai/contracts/auth/v1/events';
import { ficheProjection, on, topics, type ConsumeOptions, type EventHandler, type SqlExecutor, type TombstoneHandler } from '@mediai/events';
import { announceHandlers, type AnnounceUseCases } from './annonce/annonce-events.ts';

/** What is done about a user who is to be forgotten, after the projection. */
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
    handlers: { ...users.handlers, ...forgetting(users.handlers, forget), ...etablissements, ...fiches, ...announceHandlers(useCases) },
    tombstones: Object.fromEntries(Object.entries(users.tombstones).map(([type, handle]) => [type, then(handle, forget)])),
  };
}

/** The name that auth leaves of an account that was deleted, and gives to nobody else. */
const isDeleted = ({ id, username, isActive }: UserChanged): boolean => !isActive && username === `supprime-${id}`;

function forgetting(users: Projections['users']['handlers'], forget: Forget): Projections['users']['handlers'] {
  const project = users[UserChangedSchema.typeName];
  return Object.fromEntries<EventHandler>([
    on(UserChangedSchema, async (user, meta) => {
      await project?.(user as never, meta);
      if (isDeleted(user)) await forget(user.id);
    }),
  ]);
}

const then = (handle: TombstoneHandler, forget: Forget): TombstoneHandler => async (meta) => {
  await handle(meta);
  await forget(Number(meta.key));
};

/** Handlers that keep the states of fiches. */
export const createFicheProjection = (db: SqlExecutor) => ficheProjection(db).handlers;
