import { beforeAll, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { UserChangedSchema } from '@mediai/contracts/auth/v1/events';
import { projectUser } from '@mediai/events';
import { lireFiche, type FicheValeurs } from '@mediai/fiche';
import { ficheComplete, fixedClock } from '@mediai/testing';
import { useDatabase } from '../database.memory.ts';
import { nouvelleFiche } from '../fiche/build-fiche.ts';
import { createFicheStore } from '../fiche/fiche-store.ts';
import { createMemoryFiches } from '../fiche/fiche-store.memory.ts';
import { admin, patiente } from '../fiche/fixtures.memory.ts';
import type { FicheStore } from '../fiche/ports.ts';
import { regles } from '../fiche/regles.ts';
import { createDestinationStore, type DestinationStore } from './destination-store.ts';
import { createMemoryDestinations } from './destination-store.memory.ts';

const clock = fixedClock('2026-11-24T08:15:30+02:00');
const database = useDatabase();
let compteur = 0;


interface Opened {
  readonly fiches: FicheStore;
  readonly destinations: DestinationStore;
  readonly connaitre: (id: number, phone: string, isActive: boolean) => Promise<void>;
}

function inMemory(): Opened {
  const fiches = createMemoryFiches({ clock: clock.now });
  const destinations = createMemoryDestinations({ fiches });
  return { fiches, destinations, connaitre: async (id, phone, isActive) => void destinations.users.set(id, { phone, isActive }) };
}

function inPostgres(): Opened {
  return {
    fiches: createFicheStore(database.db, { secret: 'a secret of tests only', clock: clock.now, committed: () => undefined }),
    destinations: createDestinationStore(database.db),
    connaitre: (id, phone, isActive) => projectUser(database.db, create(UserChangedSchema, { id, username: `u${id}`, firstName: 'A', lastName: 'B', role: 'patient', isActive, phone, etablissementId: 1, version: 1 })),
  };
}

describe.each([['in memory', inMemory], ['in PostgreSQL', inPostgres]])('where a phone leads, %s', (_, ouvrir) => {
  let opened: Opened;
  beforeAll(() => {
    opened = ouvrir();
  });

  async function creer(telephone: string, user: number | null, etablissementId = 1) {
    const valeurs = lireFiche(ficheComplete({ telephone }), { complet: true, defauts: true }).valeurs as FicheValeurs;
    const circonstances = { numero: `CONS-20261124-E${++compteur}`, user, assignedMedecin: null, etablissementId, taskId: crypto.randomUUID(), maintenant: clock.now(), jour: '2026-11-24', heure: '08:15:30' };
    const creation = await opened.fiches.create(nouvelleFiche({ valeurs, aTrier: valeurs }, circonstances, regles.trier), { acte: { acteur: patiente, action: 'fiche.creer' }, evenements: [] });
    if (!('creee' in creation)) throw new Error('replayed');
    return creation.creee;
  }

  it('is its latest fiche that is not deleted, of the établissement where one is given', async () => {
    const phone = '+243970000201';
    expect(await opened.destinations.trouver(phone, null)).toBeUndefined();
    const ici = await creer(phone, 21);
    const ailleurs = await creer(phone, null, 2);
    expect(await opened.destinations.trouver(phone, null)).toEqual({ ficheId: ailleurs.id, userId: null });
    expect(await opened.destinations.trouver(phone, 1)).toEqual({ ficheId: ici.id, userId: 21 });
    expect(await opened.destinations.trouver(phone, 3)).toBeUndefined();
    await opened.fiches.update(ailleurs, {}, { acte: { acteur: admin, action: 'fiche.supprimer' }, evenements: [] }, { suppression: 'faire' });
    expect(await opened.destinations.trouver(phone, null)).toEqual({ ficheId: ici.id, userId: 21 });
  });

  it('without one of its own is the latest of the active user who has it', async () => {
    const phone = '+243970000202';
    await creer('+243970000203', 22);
    const fiche = await creer('+243970000204', 22);
    await opened.connaitre(22, phone, true);
    await opened.connaitre(23, '+243970000205', false);
    await creer('+243970000206', 23);
    expect(await opened.destinations.trouver(phone, null)).toEqual({ ficheId: fiche.id, userId: 22 });
    expect(await opened.destinations.trouver('+243970000205', null)).toBeUndefined();
    const sienne = await creer(phone, 24);
    await creer('+243970000207', 22);
    expect(await opened.destinations.trouver(phone, null)).toEqual({ ficheId: sienne.id, userId: 24 });
  });
});
