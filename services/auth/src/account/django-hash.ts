import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** What Django keeps of a password, `pbkdf2_sha256$<iterations>$<salt>$<base64>` (django.contrib.auth.hashers.PBKDF2PasswordHasher). */
export type DjangoHash = { iterations: number; salt: string; digest: Buffer };

/** More than any release of Django asks for: a hash that came from outside must not occupy a processor for minutes. */
export const maxDjangoIterations = 2_000_000;

const digestLength = 32;
const derive = promisify(pbkdf2);

/** Reads a hash of Django's; undefined when it is none, or asks for more iterations than are allowed. */
export function readDjangoHash(text: string): DjangoHash | undefined {
  const [, iterations, salt, base64] = /^pbkdf2_sha256\$([1-9]\d{0,6})\$([^$]{1,128})\$([A-Za-z0-9+/]{43}=)$/.exec(text) ?? [];
  if (!iterations || !salt || !base64 || Number(iterations) > maxDjangoIterations) return undefined;
  return { iterations: Number(iterations), salt, digest: Buffer.from(base64, 'base64') };
}

/** Whether `password`, as typed (Django does not normalise it), made the hash; compared in constant time. */
export async function matchesDjangoHash(password: string, { iterations, salt, digest }: DjangoHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, salt, iterations, digestLength, 'sha256'), digest);
}

/** The work of so many iterations, for nothing. */
export async function spendIterations(iterations: number): Promise<void> {
  if (iterations > 0) await derive('', 'salt', Math.min(iterations, maxDjangoIterations), digestLength, 'sha256');
}
