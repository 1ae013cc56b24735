import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Names of the processes whose use is told, and their pids. */
export type Pids = Record<string, number>;

/** The suite that `npm run bench` has started for this measurement. */
export type World = { gatewayUrl: string; stateDir: string; postgresUrl: string; pids: Pids; tokens: Record<'patient' | 'medecin' | 'admin', string>; fiches: number[]; attachments: number[] };

type State = Record<'services' | 'parts', Record<string, { pid?: number }>> & { gatewayUrl: string };

/** Reads what the launcher says of the suite and logs people in. */
export async function openWorld(): Promise<World> {
  const file = process.env['E2E_CONTROL'];
  const postgresUrl = process.env['TEST_POSTGRES_URL'];
  if (!file || !postgresUrl) throw new Error('this measurement needs a suite: npm run bench -- capacity');
  const state = JSON.parse(readFileSync(file, 'utf8')) as State;
  const pids = Object.fromEntries([...Object.entries(state.services), ...Object.entries(state.parts)].flatMap(([name, { pid }]) => (pid ? [[name, pid]] : [])));
  const login = async (username: string) => (await post<{ access: string }>(state.gatewayUrl, '/auth/token/', { username, password: 'demo-mediai' })).access;
  return { gatewayUrl: state.gatewayUrl, stateDir: dirname(file), postgresUrl, pids, tokens: { patient: await login('patient.demo'), medecin: await login('medecin.demo'), admin: await login('admin.demo') }, fiches: [], attachments: [] };
}

/** A call that must succeed. */
export async function post<T>(gatewayUrl: string, path: string, body: unknown, token?: string): Promise<T> {
  const isForm = body instanceof FormData;
  const response = await fetch(`${gatewayUrl}/api/v1${path}`, { method: 'POST', headers: { ...(isForm ? {} : { 'content-type': 'application/json' }), ...(token ? { authorization: `Bearer ${token}` } : {}) }, body: isForm ? body : JSON.stringify(body) });
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
