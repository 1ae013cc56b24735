import { Failure } from '../failure.ts';
import type { Env } from '../paths.ts';
import { runProgram } from '../programs.ts';
import { lastWords } from '../service-process.ts';
import type { ServicePrograms } from '../service-programs.ts';
import type { ServiceName } from '../suite.ts';
import type { Engine } from './engine.ts';

type Options = {
  engine: Engine;
  tagOf: (service: ServiceName) => string;
  /** This machine's environment, in which the engine runs. */
  env: Env;
  /** Folders that services write to. */
  folders: string[];
};

/** The suite's services out of their images, which migrate their databases and make their topics as well. */
export function createImagePrograms({ engine, tagOf, env, folders }: Options): ServicePrograms {
  return {
    async command(service, script, wanted) {
      // What the launcher was called with is this machine's, and not for a container.
      const own = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => value !== undefined && value !== env[name]));
      return { ...(await engine.command(tagOf(service), ['node', `dist/${script}.js`], { env: own, folders })), env };
    },
    migrate: (kafkaBrokers) => async (service, { ownerUrl, appRole }) => {
      const own = { DATABASE_OWNER_URL: ownerUrl, DATABASE_APP_ROLE: appRole, KAFKA_BROKERS: kafkaBrokers };
      const { command, args } = await engine.command(tagOf(service), ['node', 'dist/migrate.js'], { env: own });
      const { ok, output } = await runProgram(command, args, { env, timeoutMs: 180_000 });
      if (!ok) throw new Failure(lastWords(output));
      return [...new Set(output.match(/\b\d{14}_\w+/g))];
    },
  };
}
