import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { depuisFicheInput } from '@mediai/fiche';
import { saisieMinimale, toutesLesSaisies } from '@mediai/fiche/saisies';
import { startWorld, type World } from '../fake-services.memory.ts';

const FICHES = '/api/v1/fiche-consultation/';
const json = { 'content-type': 'application/json' };
let world: World;

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => world.forget());
afterAll(() => world.app.close());

/** JSON as a client writes it: what JSON has no word for is written as the number that overflows. */
const write = (body: object): string => JSON.stringify(body, (_, value: unknown) => (value === Infinity ? '∞' : value === -Infinity ? '-∞' : value)).replaceAll('"∞"', '1e309').replaceAll('"-∞"', '-1e309').replaceAll(/\\ud83d\\ude00/g, '😀');
const post = (payload: string) => world.send('POST', FICHES, { payload, headers: json });

describe.each(toutesLesSaisies())('%s over the gateway', (nom, champ, saisies) => {
  it('is passed on as documented, or refused by name before any service is asked', async () => {
    for (const { quoi, valeur, ...saisie } of saisies.filter((one) => !Number.isNaN(one.valeur))) {
      world.forget();
      const answer = await post(write({ ...saisieMinimale, [nom]: valeur }));
      if (!('lu' in saisie)) {
        const { type: _type, title: _title, status, detail, code: _code, request_id: _id, ...fields } = answer.json() as Record<string, unknown>;
        expect([quoi, status, detail, fields]).toEqual([quoi, 400, expect.stringContaining(`« ${champ.libelle} »`), { [nom]: [detail] }]);
        expect(world.calls).toEqual([]);
      } else {
        expect([quoi, answer.statusCode]).toEqual([quoi, 201]);
        const asked = world.calls[0]?.request['fiche'] as Parameters<typeof depuisFicheInput>[0];
        expect(depuisFicheInput(asked)).toMatchObject({ [nom]: saisie.lu });
      }
    }
  });
});

describe('bodies that are made to harm', () => {
  it.each([
    ['2 MB', () => JSON.stringify({ ...saisieMinimale, motif_consultation: 'x'.repeat(2_000_000) }), 413],
    ['an array', () => JSON.stringify([saisieMinimale]), 400],
    ['a text', () => '"fiche"', 400],
    ['a number', () => '1e309', 400],
    ['null', () => 'null', 400],
    ['nothing', () => '', 400],
    ['JSON of depth 10 000', () => `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 400],
    ['arrays of depth 10 000', () => `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 400],
    ['JSON that ends early', () => '{"nom": "Kabongo"', 400],
    ['NaN, which is no JSON', () => '{"temperature": NaN}', 400],
  ])('%s', async (_what, payload, status) => {
    const answer = await post(payload());
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, expect.stringContaining('application/problem+json')]);
    expect(answer.json()).toMatchObject({ status, detail: expect.any(String) });
    expect(world.calls).toEqual([]);
  });

  it('what is nested 10 000 deep in an unknown field is ignored, in a field it is refused by name', async () => {
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    const sound = JSON.stringify(saisieMinimale).slice(1);
    expect((await post(`{"inconnu":${deep},${sound}`)).statusCode).toBe(201);
    expect((await post(`{${sound.slice(0, -1)},"cou":${deep}}`)).json()).toMatchObject({ status: 400, cou: ['« Cou » : un texte est attendu.'] });
  });

  it('of two members of one name the last is read', async () => {
    expect((await post(`{"nom":"Premier",${JSON.stringify(saisieMinimale).slice(1)}`)).statusCode).toBe(201);
    expect(world.calls[0]?.request).toMatchObject({ fiche: { nom: saisieMinimale['nom'] } });
  });

  it('names that every object has are ignored', async () => {
    const sound = JSON.stringify(saisieMinimale).slice(1);
    expect((await post(`{"__proto__":{"nom":"Intrus","polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1,"hasOwnProperty":1,${sound}`)).statusCode).toBe(201);
    expect(world.calls[0]?.request).toMatchObject({ fiche: { nom: saisieMinimale['nom'] } });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('an edit is judged by what it holds alone', async () => {
    const answer = await world.send('PATCH', `${FICHES}12/`, { payload: { pouls: 'vite' } });
    expect([answer.statusCode, answer.json()]).toEqual([400, expect.objectContaining({ detail: '« Pouls » : un nombre entier est attendu.', pouls: ['« Pouls » : un nombre entier est attendu.'] })]);
    expect((await world.send('PATCH', `${FICHES}12/`, { payload: { assigned_medecin: 'le docteur', user: ['7'], n_importe: {} } })).json()).toMatchObject({ user: ['« Patient » : un identifiant valide est attendu.'] });
  });
});
