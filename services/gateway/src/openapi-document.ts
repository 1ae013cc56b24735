/** Writes docs/openapi.json, the API as its route schemas describe it: `npm run generate` calls it, and nothing is connected. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createLogger } from '@mediai/kit/log';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';
import { createDeps } from './deps.ts';
import { createGatewayMetrics } from './metrics.ts';

const nowhere = '127.0.0.1:1';
const config = loadConfig({ MEDIAI_MODE: 'test', INTERNAL_PORT: '0', AUTH_GRPC: nowhere, CONSULTATION_GRPC: nowhere, IA_GRPC: nowhere, APPOINTMENTS_GRPC: nowhere, NOTIFICATIONS_GRPC: nowhere });
const log = createLogger({ service: 'gateway', level: 'silent' });
const metrics = createGatewayMetrics();
const deps = createDeps({ config, log, metrics });
const app = await createApp({ config, deps, log, metrics });
await app.ready();
writeFileSync(resolve(import.meta.dirname, '../../../docs/openapi.json'), `${JSON.stringify(app.swagger(), null, 2)}\n`);
await app.close();
deps.close();
