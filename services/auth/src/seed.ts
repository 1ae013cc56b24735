import { ConfigError } from '@mediai/kit/config';
import { createLogger } from '@mediai/kit/log';
import { loadSeedConfig } from './config.ts';
import { createSeed } from './admin/deps.ts';

try {
  const config = loadSeedConfig(process.env);
  const log = createLogger({ service: 'auth-seed', level: config.LOG_LEVEL });
  const { ensureEtablissement, seedDemo, close } = await createSeed(config);
  try {
    await ensureEtablissement();
    const made = await seedDemo();
    log.info({ count: made.length }, 'demonstration accounts are there');
  } finally {
    await close();
  }
} catch (error) {
  process.stderr.write(`auth seed: ${error instanceof ConfigError || error?.constructor === Error ? (error as Error).message : `failed (${(error as Error)?.name})`}\n`);
  process.exitCode = 1;
}
