import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { medecin, startWorld, type World } from './fake-services.memory.ts';
import { multipart, type Part } from './multipart.memory.ts';

const FICHE = '/api/v1/fiche-consultation/12/';
const image: Part = { name: 'signature_medecin', value: 'PNG', file: 's.png', type: 'image/png' };

let world: World;
let send: World['send'];
beforeAll(async () => {
  world = await startWorld({ GATEWAY_CORS_ORIGINS: 'https://app.example' });
  ({ send } = world);
});
beforeEach(() => world.forget());
afterAll(() => world.app.close());

const messages = () => (world.calls[0]?.request['messages'] ?? []) as { contenu: { case: string; value: Record<string, unknown> } }[];

describe('PATCH of a fiche as a form', () => {
  it('signs it, with the fields beside the image, read as in JSON', async () => {
    const { payload, headers } = multipart([{ name: 'temperature', value: '38,5' }, image, { name: 'diagnostic', value: 'Paludisme' }]);
    const answer = await send('PATCH', FICHE, { payload, headers: { ...headers, 'if-match': '"3"' }, claims: medecin });
    expect([answer.statusCode, answer.headers['etag'], answer.json().id]).toEqual([200, '"3"', 12]);
    expect(world.calls[0]?.method).toBe('signFiche');
    expect(messages().map(({ contenu }) => contenu.case)).toEqual(['entete', 'octets', 'formulaire']);
    expect(messages().at(-1)?.contenu.value).toMatchObject({ id: 12, complet: false, versionAttendue: 3, fiche: { temperature: 38.5 }, textes: { diagnostic: 'Paludisme' } });
  });

  it('without an image is a change like any other, and an address in its place is ignored', async () => {
    await send('PATCH', FICHE, { ...multipart([{ name: 'signature_medecin', value: 'https://x/y.png' }, { name: 'pouls', value: '98' }]), claims: medecin });
    expect(messages().map(({ contenu }) => contenu.case)).toEqual(['formulaire']);
    expect(messages()[0]?.contenu.value).toMatchObject({ fiche: { pouls: 98 } });
  });

  it.each([
    ['a field that is refused', multipart([image, { name: 'temperature', value: 'chaud' }]), { temperature: [expect.any(String)] }],
    ['two images', multipart([image, image]), { code: 'fichier.un_seul' }],
    ['no end', multipart([image], { fin: false }), { code: 'requete.formulaire_illisible' }],
  ] as const)('with %s is refused', async (_what, request, body) => {
    const answer = await send('PATCH', FICHE, { ...request, claims: medecin });
    expect([answer.statusCode, answer.json()]).toEqual([400, expect.objectContaining(body)]);
  });

  it('PUT takes JSON only', async () => {
    expect((await send('PUT', FICHE, { ...multipart([image]), claims: medecin })).statusCode).toBe(400);
    expect(world.calls).toEqual([]);
  });
});

describe('PATCH of a fiche as JSON', () => {
  it.each([[{ signature_medecin: null }, true], [{ signature_medecin: 'https://mediai.example/api/v1/signatures/x/' }, false], [{ signature_medecin: '' }, false], [{ pouls: 98 }, false]])('%j takes the signature away: %s', async (payload, retirerSignature) => {
    expect((await send('PATCH', FICHE, { payload, claims: medecin })).statusCode).toBe(200);
    expect(world.calls[0]).toMatchObject({ method: 'updateFiche', request: { id: 12, retirerSignature } });
  });
});

describe('the image of a signature', () => {
  const URL = '/api/v1/signatures/AAAA-_bb/';

  it('is shown without a token, under any query, to pages of the configured origins', async () => {
    const answer = await world.app.inject({ method: 'GET', url: `${URL}?t=1732435200`, headers: { origin: 'https://app.example' } });
    expect([answer.statusCode, answer.body]).toEqual([200, 'PNG']);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png', 'content-length': '3', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'; sandbox",
      'access-control-allow-origin': 'https://app.example', 'cross-origin-resource-policy': 'cross-origin',
    });
    expect(answer.headers['content-disposition']).toBeUndefined();
    expect(world.calls[0]?.request).toEqual({ jeton: 'AAAA-_bb' });
  });

  it.each(['%2e%2e%2fetc', 'a.b', '<script>', 'x'.repeat(300)])('no other address reaches consultation: %s', async (jeton) => {
    expect((await world.app.inject({ method: 'GET', url: `/api/v1/signatures/${encodeURIComponent(jeton)}/` })).statusCode).toBe(404);
    expect(world.calls).toEqual([]);
  });
});
