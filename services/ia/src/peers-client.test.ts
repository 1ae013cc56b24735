import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import type { Acteur } from '@mediai/kit/acteur';
import { forbidden, unauthenticated } from '@mediai/kit/errors';
import { implement, serve, type CallContext, type GrpcServer } from '@mediai/kit/grpc';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { createPeers } from './peers-client.ts';

const medecin: Acteur = { id: 20, role: 'medecin', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: 'medecin' };
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jeton = `${part({ alg: 'RS256' })}.${part({ sub: 'service:ia', exp: Math.floor(Date.now() / 1000) + 600 })}.${part({})}`;
const log = createLogger({ service: 'ia', level: 'silent' });
const metrics = createMetrics('ia');

let server: GrpcServer;
let issued = 0;
const seen: CallContext[] = [];
beforeAll(async () => {
  const auth = implement(AuthService, {
    issueServiceToken: async ({ service, secret }) => ((issued += 1), service === 'ia' && secret === 'le-secret' ? { token: jeton, expiresInSeconds: 600 } : Promise.reject(unauthenticated())),
    getRevocations: async (_, { acteur }) => (acteur?.role === 'service' ? { revocations: [{ userId: 7, validFrom: 1_700_000_000n }] } : Promise.reject(forbidden())),
    getUsers: async ({ ids }) => ({ users: ids.map((id) => ({ id, username: `u${id}`, role: 'patient' })) }),
  });
  const consultation = implement(FicheService, {
    getFicheClinique: async ({ id }, context) => (seen.push(context), { version: 4, iaPermise: true, urgenceRegles: id === 1 ? 'orange' : 'violet', lignes: [{ champ: 'age', libelle: 'Âge', section: 'identite', valeur: '34 ans' }] }),
    getAccesFiche: async ({ ids, ouverture }, { acteur, accessReason }) => ids.length > 0 && acteur?.id === 20 ? { ids: ids.filter((id) => id < 10) } : (acteur?.id === 20 && ouverture && accessReason === 'Garde' ? {} : Promise.reject(forbidden('acces.motif_requis'))),
  });
  const verify = async (token: string): Promise<Acteur> => (token === 'medecin' ? medecin : token === jeton ? { ...medecin, id: 0, role: 'service', service: 'ia', token } : Promise.reject(unauthenticated()));
  server = await serve({ services: [auth, consultation], host: '127.0.0.1', port: 0, verify, publicMethods: ['mediai.auth.v1.AuthService/IssueServiceToken'], log, metrics });
});
afterAll(() => server.close(0));

const open = (serviceSecret: string, port = server.port) => createPeers({ authAddress: `127.0.0.1:${port}`, consultationAddress: `127.0.0.1:${port}`, serviceSecret, log, metrics });

test('a fiche is asked with the service’s own token, obtained once; an unknown urgency raises nothing', async () => {
  const peers = open('le-secret');
  const signal = new AbortController().signal;
  expect(await peers.fetchFiche(1, signal)).toEqual({ version: 4, iaPermise: true, urgenceRegles: 'orange', lignes: [{ champ: 'age', libelle: 'Âge', section: 'identite', valeur: '34 ans' }] });
  expect(await peers.fetchFiche(2, signal)).toMatchObject({ urgenceRegles: 'vert' });
  expect(seen[0]?.acteur).toMatchObject({ role: 'service', service: 'ia' });
  expect(issued).toBe(1);
  peers.close();
});

test("revocations are asked with the service's own token", async () => {
  const peers = open('le-secret');
  expect(await peers.tokenSource.fetchRevocations()).toEqual([{ userId: 7, validFrom: 1_700_000_000 }]);
  peers.close();
});

test("the opening of a fiche is judged with the actor's token and reason", async () => {
  const peers = open('le-secret');
  await expect(peers.openFiche(3, medecin, 'Garde')).resolves.toBeUndefined();
  await expect(peers.openFiche(3, medecin, undefined)).rejects.toMatchObject({ code: 'acces.motif_requis' });
  expect([...(await peers.openFiches([3, 4, 12], medecin))]).toEqual([3, 4]);
  peers.close();
});

test('names come when auth answers, and their absence is no error', async () => {
  const peers = open('le-secret');
  expect((await peers.fetchUsers([5])).get(5)).toMatchObject({ username: 'u5' });
  peers.close();
  const refused = open('un-autre-secret');
  expect((await refused.fetchUsers([5])).size).toBe(0);
  refused.close();
  const away = open('le-secret', 1);
  expect((await away.fetchUsers([5])).size).toBe(0);
  await expect(away.fetchFiche(1, new AbortController().signal)).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(away.openFiche(3, medecin, 'Garde')).rejects.toMatchObject({ kind: 'unavailable' });
  away.close();
});
