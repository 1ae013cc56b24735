import { randomUUID } from 'node:crypto';
import { ficheComplete } from '@mediai/testing';
import pg from 'pg';
import { ask, askJson, type Question } from './ask.ts';
import { createHours } from './hours.ts';
import type { Scene } from './scene.ts';
import type { Who } from './writes.ts';

/** PostgreSQL addresses of the suite's databases by the name of their service. */
export type Databases = Readonly<Record<string, string>>;
type Act = { readonly name: string; readonly of: readonly Who[]; readonly make: () => Promise<Question> };

const all: readonly Who[] = ['suite', 'floor', 'hop'];
const notHop: readonly Who[] = ['suite', 'floor'];

/** What leaves lines in the audit, or is expected to leave none, each on a row that nobody has read yet. */
function actsOf(suiteUrl: string, { tokens: { patient, medecin, admin }, conversation }: Scene): Act[] {
  const nextHour = createHours();
  const create = async (path: string, token: string, body: object): Promise<number> => (await askJson<{ id: number }>(suiteUrl, { method: 'POST', path, token, body })).id;
  const fiche = (): Promise<number> => create('/fiche-consultation/', patient, ficheComplete());
  const suivie = (): Promise<number> => create('/fiche-consultation/', admin, { ...ficheComplete(), assigned_medecin: 3 });
  const hour = (prefix: string): object => {
    const { start, end } = nextHour();
    return { [`${prefix}_start`]: start, [`${prefix}_end`]: end };
  };
  const pending = (): Promise<number> => create('/appointments/', patient, { medecin: 2, ...hour('requested') });
  const reason = { 'x-access-reason': 'garde' };
  const one = async (id: Promise<number>, token: string, headers = {}): Promise<Question> => ({ method: 'GET', path: `/fiche-consultation/${await id}/`, token, headers });
  const login = async (password: string): Promise<Question> => ({ method: 'POST', path: '/auth/token/', body: { username: 'patient.demo', password } });
  return [
    { name: 'me', of: all, make: async () => ({ method: 'GET', path: '/auth/me/', token: medecin }) },
    { name: 'get', of: all, make: () => one(fiche(), medecin) },
    { name: 'get by its patient', of: all, make: () => one(fiche(), patient) },
    { name: 'get, refused', of: all, make: () => one(suivie(), medecin) },
    { name: 'get with a reason', of: all, make: () => one(suivie(), medecin, reason) },
    { name: 'get of none', of: all, make: () => one(Promise.resolve(2_147_483_647), medecin) },
    { name: 'list', of: all, make: async () => ((await fiche()), { method: 'GET', path: '/fiche-consultation/?page_size=1', token: medecin }) },
    { name: 'create', of: all, make: async () => ({ method: 'POST', path: '/fiche-consultation/', token: medecin, body: ficheComplete() }) },
    { name: 'edit with a reason', of: all, make: async () => ({ method: 'PATCH', path: `/fiche-consultation/${await suivie()}/edit-diagnostic/`, token: medecin, body: { diagnostic: 'Écrit.' }, headers: reason }) },
    { name: 'validate', of: notHop, make: async () => ({ method: 'POST', path: `/fiche-consultation/${await fiche()}/validate/`, token: medecin, body: {} }) },
    { name: 'appointment create', of: all, make: async () => ({ method: 'POST', path: '/appointments/', token: patient, body: { medecin: 2, fiche: await fiche(), ...hour('requested') } }) },
    { name: 'list of appointments', of: all, make: async () => ((await pending()), { method: 'GET', path: '/appointments/?page_size=1', token: medecin }) },
    { name: 'confirm', of: notHop, make: async () => ({ method: 'POST', path: `/appointments/${await pending()}/confirm/`, token: medecin, body: hour('confirmed') }) },
    ...(conversation === undefined ? [] : [{ name: 'messages', of: notHop, make: async (): Promise<Question> => ({ method: 'GET', path: `/conversations/${conversation}/messages/`, token: medecin }) }]),
    { name: 'token', of: notHop, make: () => login('demo-mediai') },
    { name: 'token, refused', of: notHop, make: () => login('wrong') },
  ];
}

const LINES = 'SELECT acteur_id, acteur_role, action, objet_type, etablissement_id, adresse, issue, raison FROM audit WHERE request_id = $1 ORDER BY id';

/**
 * Compares what lines the same act leaves in the audit of every database, whoever did it.
 * @returns the names of what was compared
 * @throws Error with the first difference
 */
export async function compareAudits(addresses: Record<Who, string>, databases: Databases, scene: Scene): Promise<string[]> {
  const pools = Object.entries(databases).map(([name, connectionString]) => ({ name, pool: new pg.Pool({ connectionString, max: 1 }) }));
  const linesOf = async (requestId: string): Promise<string> => {
    const found = await Promise.all(pools.map(async ({ name, pool }) => (await pool.query<Record<string, unknown>>(LINES, [requestId])).rows.map((row) => `${name}: ${JSON.stringify(Object.values(row))}`)));
    return found.flat().join('\n');
  };
  const compared: string[] = [];
  try {
    for (const { name, of, make } of actsOf(addresses.suite, scene)) {
      let expected = '';
      for (const who of of) {
        const requestId = `same-answers.${randomUUID()}`;
        const question = await make();
        const { status } = await ask(addresses[who], { ...question, headers: { ...question.headers, 'x-request-id': requestId } });
        const lines = `status ${status}\n${await linesOf(requestId)}`;
        if (who === 'suite') expected = lines;
        else if (lines !== expected) throw new Error(`${who} does not leave the audit that the suite leaves, ${name}: expected\n${expected}\ncame\n${lines}`);
        else compared.push(`${who}: the audit, ${name}`);
      }
    }
  } finally {
    await Promise.all(pools.map(({ pool }) => pool.end()));
  }
  return compared;
}
