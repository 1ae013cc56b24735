import { topics, type EventHandler, type TombstoneHandler } from '@mediai/events';
import { ficheEvents } from './analyse/fiche-events.ts';
import type { EvenementFiche } from './analyse/analyse.ts';

export type Consumption = { groupId: string; topics: string[]; handlers: Record<string, EventHandler>; tombstones?: Record<string, TombstoneHandler> };

type UseCases = { takeFicheEvent: (event: EvenementFiche) => Promise<void>; users: Pick<Consumption, 'handlers' | 'tombstones'> };

/** Topic -> handler. A group for each, so that a fiche never waits for names. */
export function createConsumptions({ takeFicheEvent, users }: UseCases): Consumption[] {
  return [
    { groupId: 'ia.fiche', topics: [topics.fiche.name], handlers: ficheEvents(takeFicheEvent) },
    { groupId: 'ia.user', topics: [topics.user.name], ...users },
  ];
}
