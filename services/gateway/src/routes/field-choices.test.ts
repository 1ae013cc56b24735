import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHAMPS, type Champ } from '@mediai/fiche';
import { admin, medecin, pending, startWorld, type World } from '../fake-services.memory.ts';

const CHOICES = '/api/v1/fiche-consultation/field-choices/';
let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.app.close());

describe('the lists of choices', () => {
  it.each([['a patient', {}], ['a médecin', medecin], ['a médecin who waits for approval', pending], ['an admin', admin]])('are for %s, with no service asked', async (_who, claims) => {
    for (const url of [CHOICES, CHOICES.slice(0, -1)]) {
      const { statusCode, headers } = await world.send('GET', url, { claims });
      expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([200, 'application/json; charset=utf-8', 'private, max-age=300']);
    }
    expect(world.calls).toEqual([]);
  });

  it('are not for nobody', async () => {
    expect((await world.app.inject({ method: 'GET', url: CHOICES })).statusCode).toBe(401);
  });

  it('hold what each field of the table accepts, and what is shown of it', async () => {
    const lists = (await world.send('GET', CHOICES)).json() as Record<string, { value: string; label: string }[]>;
    expect(Object.keys(lists).toSorted()).toEqual(['capacite', 'coloration_bulbaire', 'coloration_palpebrale', 'etat', 'etat_civil', 'frequence', 'oui_non', 'oui_non_inconnu', 'sexe', 'tegument']);
    expect(lists['sexe']).toEqual([{ value: 'M', label: 'Masculin' }, { value: 'F', label: 'Féminin' }]);
    expect(lists['oui_non_inconnu']?.at(-1)).toEqual({ value: 'inconnu', label: 'Je ne sais pas' });
    const served = Object.values(lists).map((list) => list.map(({ value }) => value).join());
    for (const { choix } of CHAMPS as readonly Champ[]) if (choix) expect(served).toContain(choix.map(({ valeur }) => valeur).join());
  });

  it('are not sent again to who has them', async () => {
    const first = await world.send('GET', CHOICES);
    const etag = String(first.headers['etag']);
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    for (const known of [etag, `"autre", ${etag}`, `W/${etag}`, '*']) {
      const again = await world.send('GET', CHOICES, { headers: { 'if-none-match': known } });
      expect([known, again.statusCode, again.body, again.headers['etag'], again.headers['cache-control']]).toEqual([known, 304, '', etag, 'private, max-age=300']);
    }
    expect((await world.send('GET', CHOICES, { headers: { 'if-none-match': '"autre"' } })).statusCode).toBe(200);
  });

  it('are no fiche: another method is not allowed there', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) expect([method, (await world.send(method, CHOICES, { payload: method === 'DELETE' ? undefined : {} })).statusCode]).toEqual([method, 405]);
    expect(world.calls).toEqual([]);
  });
});
