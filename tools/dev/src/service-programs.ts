import { join } from 'node:path';
import type { Migrate } from './databases.ts';
import { serviceNodeFlags } from './node-flags.ts';
import { root } from './paths.ts';
import type { Env } from './paths.ts';
import type { ServiceName } from './suite.ts';

export type Script = 'main' | 'seed';

/** What the suite's services run from. */
export type ServicePrograms = {
  /** The command that runs one of a service's programs with this environment. */
  command(service: ServiceName, script: Script, env: Env): Promise<{ command: string; args: string[]; env: Env }>;
  /** How databases are brought to their migrations and topics made, where that is theirs to do. */
  migrate?: (kafkaBrokers: string) => Migrate;
};

/** A program of a service, as it is built here. */
export const scriptOf = (service: ServiceName, script: Script): string => join(root, 'services', service, `dist/${script}.js`);

/** The checkout's own build, on this Node. */
export const fromCheckout: ServicePrograms = {
  command: async (service, script, env) => ({ command: process.execPath, args: [...serviceNodeFlags, scriptOf(service, script)], env }),
};
