import { expect, it } from '@jest/globals';
import { AppError, notFound } from '@mediai/kit/errors';
import { createLireImageSignature } from './lire-image-signature.ts';

const fichier = { id: 'x', cle: 'fichiers/x', nom: 's.png', typeMime: 'image/png', extension: 'png', taille: 3, sha256: new Uint8Array(32) };
const depot = (...morceaux: Uint8Array[]) => ({
  lireFichier: async () => ({ fichier, octets: (async function* () {
    yield* morceaux;
  })() }),
});

it('reads a signature whole', async () => {
  expect(await createLireImageSignature(depot(Buffer.from('ab'), Buffer.from('c')))('x')).toEqual(Buffer.from('abc'));
});

it('is nothing where the file is gone, or too large to be a signature', async () => {
  expect(await createLireImageSignature({ lireFichier: () => Promise.reject(notFound()) })('x')).toBeNull();
  expect(await createLireImageSignature(depot(...Array.from({ length: 5 }, () => Buffer.alloc(1024 * 1024))))('x')).toBeNull();
});

it('is a failure while the store is away: a document without its signature is another document', async () => {
  const away = new AppError('unavailable');
  await expect(createLireImageSignature({ lireFichier: () => Promise.reject(away) })('x')).rejects.toBe(away);
});
