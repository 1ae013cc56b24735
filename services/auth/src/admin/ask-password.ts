import { randomInt } from 'node:crypto';
import type { ReadStream } from 'node:tty';

/** Letters and digits that nobody takes for one another. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const groups = 4;
const groupLength = 5;

/** A password of 20 characters at random, some 99 bits, in groups that can be read out. */
export function generatePassword(): string {
  return Array.from({ length: groups }, () => Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join('')).join('-');
}

/** All that comes over `input`, without the end of its last line. */
export async function readAll(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8').replace(/\r?\n$/, '');
}

/** Asks for a line that is not shown; undefined when the person gives up (Ctrl-C, Ctrl-D). */
export async function askHidden(question: string, input: ReadStream, output: { write: (text: string) => unknown }): Promise<string | undefined> {
  output.write(question);
  input.setRawMode(true);
  let typed = '';
  try {
    for await (const chunk of input.iterator({ destroyOnReturn: false })) {
      for (const key of Buffer.from(chunk as Buffer).toString('utf8')) {
        if (key === '\r' || key === '\n') return typed;
        if (key === '\u0003' || key === '\u0004') return undefined;
        typed = key === '\u007f' || key === '\b' ? Array.from(typed).slice(0, -1).join('') : typed + key;
      }
    }
    return undefined;
  } finally {
    input.setRawMode(false);
    input.pause();
    output.write('\n');
  }
}
