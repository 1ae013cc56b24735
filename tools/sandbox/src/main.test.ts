import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { readConfig } from './config.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const start = (env: Record<string, string>) => spawn(process.execPath, ['--conditions=@mediai/source', MAIN], { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });

test('it says that it is ready in one line, and SIGTERM ends it cleanly, hung calls included', async () => {
  const child = start({ MEDIAI_MODE: 'test', SANDBOX_PORT: '0' });
  const [ligne] = (await once(child.stdout, 'data')) as [Buffer];
  const pret = JSON.parse(ligne.toString()) as { event: string; port: number; url: string };
  expect(pret).toMatchObject({ event: 'ready', service: 'sandbox', simulation: true });
  expect((await fetch(`${pret.url}/healthz`)).status).toBe(200);
  const json = (method: string, chemin: string, body: unknown) => fetch(`${pret.url}${chemin}`, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  await json('PUT', '/sandbox/faults', { provider: '*', kind: 'hang' });
  const pendu = json('POST', '/openai/v1/responses', { model: 'm', input: 'toux' }).then(() => 'answered', () => 'cut');
  await json('GET', '/healthz', undefined);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  await expect(pendu).resolves.toBe('cut');
});

test.each([undefined, 'production'])('it refuses to start in mode %s with one sentence', async (mode) => {
  const child = start(mode ? { MEDIAI_MODE: mode } : {});
  let erreur = '';
  child.stderr.on('data', (d: Buffer) => { erreur += d.toString(); });
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
  expect(erreur.trim().split('\n')).toEqual([expect.stringMatching(/^Le bac à sable refuse de démarrer : MEDIAI_MODE/u)]);
});

test('a wrong number is named', () => {
  expect(() => readConfig({ MEDIAI_MODE: 'test', SANDBOX_PORT: '99999' })).toThrow(/SANDBOX_PORT/u);
  expect(readConfig({ MEDIAI_MODE: 'demo', SANDBOX_PORT: '8089', SANDBOX_LATENCY_MS: '5', SANDBOX_TWILIO_AUTH_TOKEN: 't' })).toEqual({ host: '127.0.0.1', port: 8089, latencyMs: 5, twilioAuthToken: 't' });
});
