import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import { root } from './paths.ts';
import type { Session } from './session.ts';
import { lastWords } from './service-process.ts';
import { serviceEnv, serviceNames } from './suite.ts';
import type { World } from './suite.ts';
import { runTool } from './turbo.ts';

/**
 * Puts the demonstration data there, through each service's own `seed.ts` on its own database, in the order of
 * `serviceNames`. Seeds are idempotent: what is there stays as it is.
 */
export async function seedAll(world: World, session: Session, note: (text: string) => void): Promise<string> {
  const seeded: string[] = [];
  for (const name of serviceNames) {
    const script = join(root, 'services', name, 'dist/seed.js');
    if (!existsSync(script)) continue;
    note(name);
    const { code, output } = await runTool(process.execPath, ['--disable-warning=ExperimentalWarning', script], { env: serviceEnv(world, name), signal: session.signal });
    if (code !== 0) throw new Failure(`The demonstration data of ${name} could not be written (${lastWords(output)}): run "npm run reset" to begin anew.`);
    seeded.push(name);
  }
  return seeded.join(', ');
}
