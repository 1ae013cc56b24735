import { open, readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Failure } from '../failure.ts';
import type { Env } from '../paths.ts';

/** What a backup is encrypted for: public keys, whose private keys need not be on this machine, or a passphrase. */
export type Lock = { recipients: string[]; passphrase?: string };
/** What opens one. */
export type Keys = { identities: string[]; passphrase?: string };

/** The first line of every file of the age format (age-encryption.org/v1). */
const ageMark = Buffer.from('age-encryption.org/v1\n');
const shortestPassphrase = 12;

export const isLocked = ({ recipients, passphrase }: Lock): boolean => recipients.length > 0 || passphrase !== undefined;

/**
 * `content` as an age file, so that the `age` program opens it too.
 * @throws Failure for a lock that is none
 */
export async function encrypt(content: Readable, { recipients, passphrase }: Lock): Promise<Readable> {
  if (recipients.length > 0 && passphrase !== undefined) throw new Failure('Give --recipient or a passphrase, not both.');
  if (passphrase !== undefined && passphrase.length < shortestPassphrase) throw new Failure(`The passphrase must have ${shortestPassphrase} characters or more.`);
  const encrypter = new Encrypter();
  if (passphrase !== undefined) encrypter.setPassphrase(passphrase);
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch {
      throw new Failure(`"${recipient}" is no public key of age (age1…): "npm run backup -- keygen <file>" makes a pair.`);
    }
  }
  return fromWeb(await encrypter.encrypt(toWeb(content)));
}

/** Whether a file is encrypted, by its first bytes. */
export async function isEncrypted(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(ageMark.length), 0, ageMark.length, 0);
    return buffer.subarray(0, bytesRead).equals(ageMark);
  } finally {
    await handle.close();
  }
}

/** @throws Failure without a key that fits */
export async function decrypt(content: Readable, { identities, passphrase }: Keys): Promise<Readable> {
  const decrypter = new Decrypter();
  if (passphrase !== undefined) decrypter.addPassphrase(passphrase);
  for (const identity of identities) decrypter.addIdentity(identity);
  if (passphrase === undefined && identities.length === 0) throw new Failure('This backup is encrypted: give --identity <file>, or its passphrase by --passphrase-file <file> or MEDIAI_BACKUP_PASSPHRASE.');
  try {
    return fromWeb(await decrypter.decrypt(toWeb(content)));
  } catch (error) {
    if (/no identity matched/i.test((error as Error).message)) throw new Failure('The key or passphrase given does not open this backup: give the one that it was made with.');
    throw error;
  }
}

/** The passphrase of a file, or of MEDIAI_BACKUP_PASSPHRASE; never of an argument, which other users of the machine can read. */
export async function readPassphrase(file: string | undefined, env: Env): Promise<string | undefined> {
  if (file === undefined) return env.MEDIAI_BACKUP_PASSPHRASE || undefined;
  return (await readText(file)).replace(/\r?\n$/, '');
}

/** The private keys of a file as `keygen` (or `age-keygen`) writes it. */
export async function readIdentities(file: string | undefined): Promise<string[]> {
  if (file === undefined) return [];
  const keys = (await readText(file)).split('\n').map((line) => line.trim()).filter((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (keys.length === 0) throw new Failure(`${file} holds no private key of age (AGE-SECRET-KEY-…).`);
  return keys;
}

/** Makes a pair of keys: the private one in `file` (0600, never over another), the public one is returned. */
export async function makeKeys(file: string): Promise<string> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  await writeFile(file, `# public key: ${recipient}\n${identity}\n`, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? new Failure(`${file} is there already: give another name, for what it may open would be lost.`) : error;
  });
  return recipient;
}

const readText = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: Error) => {
    throw new Failure(`${file} cannot be read (${error.message}).`);
  });

const toWeb = (stream: Readable) => Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>;
const fromWeb = (stream: ReadableStream<Uint8Array>) => Readable.fromWeb(stream as unknown as WebStream<Uint8Array>);
