import { afterAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMedia, raisonsMedia } from './lire-media.ts';

const dossier = mkdtempSync(join(tmpdir(), 'mediai-media-'));
const racine = join(dossier, 'media');
mkdirSync(join(racine, 'lab/2026'), { recursive: true });
writeFileSync(join(dossier, 'secret.txt'), 'secret');
writeFileSync(join(racine, 'lab/2026/Été à Lubumbashi.pdf'), Buffer.alloc(150_000, 7));
symlinkSync(join(dossier, 'secret.txt'), join(racine, 'lab/lien.pdf'));
symlinkSync(join(racine, 'lab/2026/Été à Lubumbashi.pdf'), join(racine, 'lab/lien-interne.pdf'));
symlinkSync(dossier, join(racine, 'ailleurs'));
symlinkSync(racine, join(dossier, 'lien-de-media'));
execFileSync('mkfifo', [join(racine, 'tube.pdf')]);
afterAll(() => rmSync(dossier, { recursive: true }));

async function lire(chemin: string, base = racine): Promise<number> {
  let taille = 0;
  for await (const piece of createMedia(base).lire(chemin)) taille += piece.byteLength;
  return taille;
}

test('a file below the folder is read in pieces, also where the folder is a link', async () => {
  expect(await lire('lab/2026/Été à Lubumbashi.pdf')).toBe(150_000);
  expect(await lire('lab/2026/Été à Lubumbashi.pdf', join(dossier, 'lien-de-media'))).toBe(150_000);
});

test.each([
  '../secret.txt', 'lab/../../secret.txt', 'lab/../lab/2026/Été à Lubumbashi.pdf', './lab', 'lab//2026', join(dossier, 'secret.txt'), '/etc/passwd', '', '..', 'lab\\..\\..\\secret.txt', 'C:/secret.txt', 'lab/a\0b',
  'ailleurs/secret.txt', 'lab/lien.pdf', 'lab/lien-interne.pdf', 'tube.pdf', 'lab', 'https://exemple.cd/a.pdf',
])('%j is refused, and nothing of it read', async (chemin) => {
  await expect(lire(chemin)).rejects.toMatchObject({ raison: raisonsMedia.chemin });
});

test.each(['lab/2026/absent.pdf', 'absent/2026/a.pdf', 'a'.repeat(300)])('%j is not there', async (chemin) => {
  await expect(lire(chemin)).rejects.toMatchObject({ raison: raisonsMedia.introuvable });
});

test('no refusal holds the path', async () => {
  const error = await lire('lab/Mwamba Kabila.pdf').catch((thrown: unknown) => thrown);
  expect(`${(error as Error).message} ${(error as Error).stack?.split('\n')[0]} ${JSON.stringify(error)}`).not.toContain('Kabila');
});
