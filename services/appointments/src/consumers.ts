import { ficheProjection, topics, userProjection, type ConsumeOptions, type SqlExecutor } from '@mediai/events';

/** Topic -> handler: what is kept here of auth's users and of consultation's fiches. */
export function createConsumers(db: SqlExecutor): Pick<ConsumeOptions, 'groupId' | 'topics' | 'handlers' | 'tombstones'> {
  const users = userProjection(db);
  const fiches = ficheProjection(db);
  return { groupId: 'appointments', topics: [topics.user.name, topics.fiche.name], handlers: { ...users.handlers, ...fiches.handlers }, tombstones: users.tombstones };
}
