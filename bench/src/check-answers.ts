/**
 * `node --conditions=@mediai/source bench/src/check-answers.ts <state-dir>`: compares the answers of floor and hop with those
 * of the suite that runs in this state directory (`npm run test:suite -- --state-dir …`), on ports 21990 to 21992 or those
 * of FLOOR_PORT, HOP_PORT and HOP_GRPC_PORT.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSameAnswers } from './same-answers.ts';

const stateDir = process.argv[2];
if (!stateDir) throw new Error('say the state directory of a suite that runs');
const read = <T>(file: string): T => JSON.parse(readFileSync(join(stateDir, file), 'utf8')) as T;
const { gatewayUrl, services } = read<{ gatewayUrl: string; services: Record<string, { databaseUrl?: string }> }>('control.json');
const ports = { FLOOR_PORT: '21990', HOP_PORT: '21991', HOP_GRPC_PORT: '21992', ...process.env } as Record<string, string>;
const databases = Object.fromEntries(Object.entries(services).flatMap(([name, { databaseUrl }]) => (databaseUrl ? [[name, databaseUrl]] : [])));
const env = {
  ...ports,
  NODE_ENV: 'production',
  FLOOR_DATABASES: JSON.stringify(databases),
  FLOOR_JWKS_URL: `${gatewayUrl}/.well-known/jwks.json`,
  FLOOR_CONSULTATION_SECRET: read<Record<string, string>>('secrets.json')['service:consultation'],
  MEDIAI_PUBLIC_URL: gatewayUrl,
};

/** Starts one of the processes and waits until it listens. */
async function start(file: string, ...more: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--conditions=@mediai/source', ...more, join(import.meta.dirname, '..', file)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file} ended before it listened`);
  });
  await Promise.race([once(child.stdout, 'data'), ended]);
  ended.catch(() => undefined); // from here on it ends when it is asked to
  return child;
}

const children: ChildProcess[] = [];
try {
  children.push(await start('floor/main.ts', '--import', join(import.meta.dirname, 'answers/refuse-layers.ts')));
  for (const file of ['hop/main-service.ts', 'hop/main-gateway.ts']) children.push(await start(file));
  const compared = await checkSameAnswers({ suite: gatewayUrl, floor: `http://127.0.0.1:${ports['FLOOR_PORT']}`, hop: `http://127.0.0.1:${ports['HOP_PORT']}` }, databases);
  console.log(compared.map((name) => `✓ ${name}`).join('\n'));
  console.log(`${compared.length} answers are the same.`);
} finally {
  for (const child of children) child.kill('SIGTERM');
}
