import { ConfigError } from '@mediai/kit/config';
import { createLogger } from '@mediai/kit/log';
import { loadSeedConfig } from './config.ts';
import { createSeed } from './deps.ts';

try {
  const config = loadSeedConfig(process.env);
  const log = createLogger({ service: 'appointments-seed', level: config.LOG_LEVEL });
  const { seedDemo, close } = createSeed(config);
  try {
    const made = await seedDemo();
    log.info({ count: made.length }, 'demonstration appointments are there');
  } finally {
    await close();
  }
} catch (error) {
  process.stderr.write(`appointments seed: ${error instanceof ConfigError || error?.constructor === Error ? (error as Error).message : `failed (${(error as Error)?.name})`}\n`);
  process.exitCode = 1;
}
