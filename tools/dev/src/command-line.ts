import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';
import { Failure, sentenceOf } from './failure.ts';
import { root } from './paths.ts';

const common = { 'state-dir': { type: 'string' } } satisfies ParseArgsOptionsConfig;

/** The options of a command; an unknown one is told in a sentence. `stateDir` is absolute. */
export function readOptions<T extends ParseArgsOptionsConfig>(options: T, args = process.argv.slice(2), defaultState = '.mediai') {
  try {
    const { values, positionals } = parseArgs({ args, options: { ...common, ...options }, allowPositionals: true });
    const stateDir = resolve(root, (values as { 'state-dir'?: string })['state-dir'] ?? process.env.MEDIAI_STATE_DIR ?? defaultState);
    return { values: values as ReturnType<typeof parseArgs<{ options: T }>>['values'], positionals, stateDir };
  } catch (error) {
    throw new Failure(`${(error as Error).message.split('\n')[0]} Known options: ${Object.keys({ ...common, ...options }).map((name) => `--${name}`).join(', ')}.`);
  }
}

/** Runs a command's body and ends the process with its code; whatever it throws is told in one sentence. */
export async function main(body: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await body();
  } catch (error) {
    process.stderr.write(`✗ ${sentenceOf(error, root)}\n`);
    if (process.env.MEDIAI_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  }
  setTimeout(() => process.exit(), 2000).unref(); // a forgotten socket must not keep a finished command
}
