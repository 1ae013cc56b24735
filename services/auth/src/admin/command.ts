import { parseArgs } from 'node:util';

export type Command =
  | { name: 'help' }
  | { name: 'create'; username: string; etablissement: string | undefined; passwordFromStdin: boolean }
  | { name: 'rotate-keys'; now: boolean };

/** What was typed cannot be done; the message is a sentence for the person. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const help = `npm run admin -- <command>

  create --username <name> [--etablissement "<name>"] [--password-stdin]
      Makes a superuser. The password is asked for, or read from standard input (--password-stdin), or, where nobody can be
      asked, generated and printed once; it is never an argument, because other users of the machine can read those.
      --etablissement names the établissement: it is taken where it exists, else it is made (the default one takes the name
      while it has no accounts and no name of its own). Without it the superuser belongs to the default one.

  rotate-keys [--now]
      Makes a new signing key. It is published at once and signs in 15 minutes, when every service knows it: no session ends.
      --now is for a key that was stolen: the new one signs at once and all others are withdrawn. It costs every access token
      given before: people's clients renew theirs by themselves, background work of the services pauses for 5 minutes at most;
      a service that has not heard of the new key may accept the stolen one for 10 minutes at most.

  help

The database is that of the suite run here, or DATABASE_URL (auth's own, as its application role).
`;

/** Reads the arguments. @throws UsageError */
export function readCommand(args: string[]): Command {
  const [name = 'help', ...rest] = args;
  switch (name) {
    case 'help':
    case '--help':
    case '-h':
      return { name: 'help' };
    case 'create': {
      const { username = '', etablissement, 'password-stdin': passwordFromStdin = false } = parse(rest, { username: { type: 'string' }, etablissement: { type: 'string' }, 'password-stdin': { type: 'boolean' } });
      if (username === '') throw new UsageError('Say whose account: create --username <name>.');
      return { name, username, etablissement, passwordFromStdin };
    }
    case 'rotate-keys':
      return { name, now: parse(rest, { now: { type: 'boolean' } }).now ?? false };
    default:
      throw new UsageError(`"${name.slice(0, 40)}" is no command; known are create, rotate-keys and help.`);
  }
}

function parse<T extends Record<string, { type: 'string' | 'boolean' }>>(args: string[], options: T) {
  if (args.some((arg) => /^--password(=|$)/.test(arg))) {
    throw new UsageError('A password is never an argument, because other users of this machine can read those: leave it out to be asked for it, or send it to standard input with --password-stdin.');
  }
  try {
    return parseArgs({ args, options, allowPositionals: false }).values;
  } catch (error) {
    // Its first sentence names the option; what was typed beside it may be a password and is not repeated.
    const unknown = /'(--?[a-z-]+)/i.exec((error as Error).message)?.[1];
    throw new UsageError(`${unknown ? `${unknown} is not understood` : 'An argument is not understood'}; known are ${Object.keys(options).map((name) => `--${name}`).join(', ')}.`);
  }
}
