import { ConfigError } from '@mediai/kit/config';
import { createLogger } from '@mediai/kit/log';
import { loadSeedConfig } from './config.ts';
import { createSeed } from './deps.ts';

try {
  const config = loadSeedConfig(process.env);
  const log = createLogger({ service: 'consultation-seed', level: config.LOG_LEVEL });
  const { seedFiches, close } = createSeed(config);
  try {
    log.info({ count: await seedFiches() }, 'demonstration fiches are there');
  } finally {
    await close();
  }
} catch (error) {
  process.stderr.write(`consultation seed: ${error instanceof ConfigError ? error.message : `failed (${(error as NodeJS.ErrnoException)?.code ?? (error as Error)?.name})`}\n`);
  process.exitCode = 1;
}
