import type { ReadStream } from 'node:tty';
import type { Rotation } from '../key/rotate-keys.ts';
import { askHidden, generatePassword, readAll } from './ask-password.ts';
import { help, UsageError, type Command } from './command.ts';
import type { createCreateSuperuser } from './create-superuser.ts';

export type AccountAdmin = { createSuperuser: ReturnType<typeof createCreateSuperuser>; close: () => Promise<void> };
export type KeyAdmin = { rotateKeys: () => Promise<Rotation>; replaceKeys: () => Promise<Rotation>; close: () => Promise<void> };

/** What opens the database, once there is something to be done on it. */
export type Openers = { accounts: () => Promise<AccountAdmin>; keys: () => Promise<KeyAdmin> };

export type Terminal = {
  input: AsyncIterable<Buffer | string> & Partial<Pick<ReadStream, 'isTTY'>>;
  /** What the command answers. */
  print: (line: string) => void;
  /** Questions, which no pipe takes for the answer. */
  prompt: { write: (text: string) => unknown };
};

/** Does what was asked; throws what `describeFault` tells. */
export async function runCommand(command: Command, open: Openers, terminal: Terminal): Promise<void> {
  switch (command.name) {
    case 'help':
      return terminal.print(help.trimEnd());
    case 'create':
      return using(await open.accounts(), (accounts) => create(command, accounts, terminal));
    case 'rotate-keys':
      return using(await open.keys(), async (keys) => terminal.print(describeRotation(await (command.now ? keys.replaceKeys() : keys.rotateKeys()), command.now)));
  }
}

async function using<P extends { close: () => Promise<void> }>(parts: P, work: (parts: P) => Promise<void>): Promise<void> {
  try {
    await work(parts);
  } finally {
    await parts.close();
  }
}

async function create({ username, etablissement, passwordFromStdin }: Extract<Command, { name: 'create' }>, { createSuperuser }: AccountAdmin, { input, print, prompt }: Terminal): Promise<void> {
  const typed = passwordFromStdin ? await readAll(input) : input.isTTY ? await ask(input as ReadStream, prompt) : '';
  if (passwordFromStdin && typed === '') throw new UsageError('Standard input held no password.');
  const password = typed === '' ? generatePassword() : typed;
  const made = await createSuperuser({ username, password, ...(etablissement === undefined ? {} : { etablissement }) });
  print(`Superuser "${made.account.username}" (id ${made.account.id}) of "${made.etablissement.nom}" (id ${made.etablissement.id}) is made.`);
  if (typed === '') print(`Password, shown this once: ${password}`);
}

async function ask(input: ReadStream, prompt: Terminal['prompt']): Promise<string> {
  const typed = await askHidden('Password (empty: one is generated): ', input, prompt);
  const again = typed ? await askHidden('The same again: ', input, prompt) : typed;
  if (typed === undefined || again === undefined) throw new UsageError('Given up: nothing was made.');
  if (typed !== again) throw new UsageError('The two passwords differ: nothing was made.');
  return typed;
}

function describeRotation({ kid, signsFrom, made }: Rotation, now: boolean): string {
  if (now) return `Key ${kid} signs now and all others are withdrawn. Access tokens given before are refused, everywhere within 10 minutes; sessions stay, and clients renew their tokens by themselves.`;
  const from = signsFrom.toISOString();
  return made ? `Key ${kid} is published and signs from ${from}; until then the present one does. No session ends.` : `Key ${kid} is published already and signs from ${from}: nothing was done.`;
}
