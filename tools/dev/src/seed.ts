import { existsSync } from 'node:fs';
import { Failure } from './failure.ts';
import { scriptOf } from './service-programs.ts';
import type { ServicePrograms } from './service-programs.ts';
import type { Session } from './session.ts';
import { lastWords } from './service-process.ts';
import { serviceEnv, serviceNames } from './suite.ts';
import type { World } from './suite.ts';
import { runTool } from './turbo.ts';

/**
 * Puts the demonstration data there, through each service's own `seed.ts` on its own database, in the order of
 * `serviceNames`. Seeds are idempotent: what is there stays as it is.
 */
export async function seedAll(world: World, session: Session, note: (text: string) => void, programs: ServicePrograms): Promise<string> {
  const seeded: string[] = [];
  for (const name of serviceNames) {
    if (!existsSync(scriptOf(name, 'seed'))) continue;
    note(name);
    const { command, args, env } = await programs.command(name, 'seed', serviceEnv(world, name));
    const { code, output } = await runTool(command, args, { env, signal: session.signal });
    if (code !== 0) throw new Failure(`The demonstration data of ${name} could not be written (${lastWords(output)}): run "npm run reset" to begin anew.`);
    seeded.push(name);
  }
  return seeded.join(', ');
}
