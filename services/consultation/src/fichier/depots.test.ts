import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AppError } from '@mediai/kit/errors';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDepotMemory } from './depot.memory.ts';
import { createDisque } from './disque-client.ts';
import type { DepotFichiers, Octets } from './ports.ts';
import { createS3 } from './s3-client.ts';
import { startS3 } from './s3.memory.ts';

const MO = 1024 * 1024;
const coupe = new AppError('invalid', 'fichier.coupe');

async function* en(...pieces: (string | Buffer)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece as string);
}

/** A source that gives so many bytes and then breaks. */
async function* casse(octets: number): AsyncGenerator<Uint8Array> {
  for (let reste = octets; reste > 0; reste -= 64 * 1024) yield Buffer.alloc(Math.min(reste, 64 * 1024), 1);
  throw coupe;
}

async function tout(contenu: Octets): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of contenu) pieces.push(piece);
  return Buffer.concat(pieces);
}

let dossier: string;
let s3: Awaited<ReturnType<typeof startS3>>;
const fermetures: (() => Promise<void>)[] = [];
const ouvrirS3 = (mots: Partial<Parameters<typeof createS3>[0]> = {}) => {
  const depot = createS3({ endpoint: s3.endpoint, bucket: 'mediai', region: 'eu', accessKeyId: 'cle', secretAccessKey: 'un secret', pathStyle: true, ...mots });
  fermetures.push(depot.fermer);
  return depot;
};

beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());
beforeEach(() => {
  dossier = mkdtempSync(join(tmpdir(), 'depot-'));
  s3.objets.clear();
  s3.refuser = () => undefined;
  s3.seTaire = false;
});
afterEach(async () => {
  rmSync(dossier, { recursive: true, force: true });
  for (const fermer of fermetures.splice(0)) await fermer();
});

/** Names of all that lies in the folder, folders aside. */
const surDisque = (): string[] => readdirSync(dossier, { recursive: true, withFileTypes: true }).filter((un) => !un.isDirectory()).map(({ name }) => name);

type Cas = { ouvrir: () => DepotFichiers; reste: () => unknown[] };
const cas: [string, Cas][] = [
  ['in memory', (() => {
    let depot: ReturnType<typeof createDepotMemory>;
    return { ouvrir: () => (depot = createDepotMemory()), reste: () => [...depot.contenus.keys()] };
  })()],
  ['on disk', { ouvrir: () => createDisque({ dossier }), reste: surDisque }],
  ['in S3', { ouvrir: () => ouvrirS3(), reste: () => [...s3.objets.keys(), ...s3.envois.keys()] }],
];

describe.each(cas)('a store %s', (_nom, { ouvrir, reste }) => {
  test.each([0, 1, 64 * 1024, 6 * MO])('gives back the %i bytes that it was given', async (taille) => {
    const depot = ouvrir();
    const octets = Buffer.alloc(taille, 'é');
    const pieces = Array.from({ length: Math.ceil(taille / 100_000) }, (_, i) => octets.subarray(i * 100_000, (i + 1) * 100_000));
    expect(await depot.ecrire('fichiers/un', en(...pieces))).toEqual({ taille });
    expect((await tout(await depot.lire('fichiers/un'))).equals(octets)).toBe(true);
    expect(reste()).toHaveLength(1);
  });

  test('replaces what lay under a key', async () => {
    const depot = ouvrir();
    await depot.ecrire('un', en('avant'));
    await depot.ecrire('un', en('après'));
    expect(String(await tout(await depot.lire('un')))).toBe('après');
  });

  test.each([0, 1_000, 7 * MO])('keeps nothing of a source that breaks after %i bytes, and lets its error pass', async (octets) => {
    const depot = ouvrir();
    await expect(depot.ecrire('fichiers/un', casse(octets))).rejects.toBe(coupe);
    expect(reste()).toEqual([]);
    await expect(depot.lire('fichiers/un')).rejects.toMatchObject({ kind: 'not_found', code: 'fichier.introuvable' });
  });

  test('a source that breaks leaves what lay under the key', async () => {
    const depot = ouvrir();
    await depot.ecrire('un', en('avant'));
    await expect(depot.ecrire('un', casse(10))).rejects.toBe(coupe);
    expect(String(await tout(await depot.lire('un')))).toBe('avant');
  });

  test('forgets, also twice and also what never was', async () => {
    const depot = ouvrir();
    await depot.ecrire('un', en('x'));
    await depot.supprimer('un');
    await depot.supprimer('un');
    await depot.supprimer('jamais/vu');
    expect(reste()).toEqual([]);
  });

  test('may be left in the middle of a reading', async () => {
    const depot = ouvrir();
    await depot.ecrire('un', en(Buffer.alloc(3 * MO)));
    for await (const piece of await depot.lire('un')) {
      expect(piece.byteLength).toBeGreaterThan(0);
      break;
    }
    await depot.supprimer('un');
  });

  test.each(['', '../un', 'a/../../un', '/etc/passwd', 'a//b', '.commences/x', 'a/.b', 'Un', 'é', 'a\0b', 'a\\b', 'a/', 'x'.repeat(201)])('takes no key %j', async (cle) => {
    const depot = ouvrir();
    await expect(depot.ecrire(cle, en('x'))).rejects.toMatchObject({ code: 'fichier.cle' });
    await expect(depot.lire(cle)).rejects.toMatchObject({ code: 'fichier.cle' });
    await expect(depot.supprimer(cle)).rejects.toMatchObject({ code: 'fichier.cle' });
  });
});

describe('the disk', () => {
  test('keeps folders to itself (0700), files too (0600)', async () => {
    const depot = createDisque({ dossier: join(dossier, 'nouveau') });
    await depot.ecrire('fichiers/un', en('x'));
    for (const chemin of ['nouveau', 'nouveau/fichiers']) expect(statSync(join(dossier, chemin)).mode & 0o777).toBe(0o700);
    expect(statSync(join(dossier, 'nouveau/fichiers/un')).mode & 0o777).toBe(0o600);
  });

  test('follows no symbolic link, neither to read nor to write nor to delete', async () => {
    const ailleurs = mkdtempSync(join(tmpdir(), 'ailleurs-'));
    writeFileSync(join(ailleurs, 'secret'), 'secret');
    symlinkSync(join(ailleurs, 'secret'), join(dossier, 'lien'));
    symlinkSync(ailleurs, join(dossier, 'dossier'));
    const depot = createDisque({ dossier });
    await expect(depot.lire('lien')).rejects.toMatchObject({ code: 'fichier.introuvable' });
    await expect(depot.lire('dossier/secret')).rejects.toMatchObject({ code: 'fichier.introuvable' });
    await expect(depot.ecrire('dossier/autre', en('x'))).rejects.toBeInstanceOf(AppError);
    await depot.supprimer('dossier/secret');
    await depot.ecrire('lien', en('y'));
    await depot.supprimer('lien');
    expect(readdirSync(ailleurs)).toEqual(['secret']);
    expect(statSync(join(ailleurs, 'secret')).size).toBe(6);
    rmSync(ailleurs, { recursive: true });
  });

  test('what a process that was killed has begun goes with the key', async () => {
    mkdirSync(join(dossier, '.commences'));
    for (const nom of ['fichiers~un~0192', 'fichiers~un2~0192']) writeFileSync(join(dossier, '.commences', nom), 'la moitié');
    await createDisque({ dossier }).supprimer('fichiers/un');
    expect(surDisque()).toEqual(['fichiers~un2~0192']);
  });

  test('that cannot be written is unavailable', async () => {
    writeFileSync(join(dossier, 'fichier'), '');
    const depot = createDisque({ dossier: join(dossier, 'fichier') });
    await expect(depot.ecrire('un', en('x'))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(lstatSync(join(dossier, 'fichier')).size).toBe(0);
  });
});

describe('S3', () => {
  test('a part that is refused ends the upload, of which nothing stays', async () => {
    s3.refuser = (demande) => (demande === 'PUT partNumber uploadId' ? 500 : undefined);
    await expect(ouvrirS3().ecrire('un', en(Buffer.alloc(6 * MO)))).rejects.toMatchObject({ kind: 'unavailable' });
    expect([...s3.objets.keys(), ...s3.envois.keys()]).toEqual([]);
  });

  test('parts that a process which was killed has left go with the key', async () => {
    s3.envois.set('abc', { cle: 'fichiers/un', parties: new Map() }).set('def', { cle: 'fichiers/un2', parties: new Map() });
    await ouvrirS3().supprimer('fichiers/un');
    expect([...s3.envois.keys()]).toEqual(['def']);
    s3.envois.clear();
  });

  test('that is away is unavailable', async () => {
    s3.refuser = () => 0;
    const depot = ouvrirS3();
    await expect(depot.ecrire('un', en('x'))).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(depot.lire('un')).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(depot.supprimer('un')).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('that falls silent in the middle of a file is waited for no longer than it may be', async () => {
    const depot = ouvrirS3({ silenceMs: 100 });
    await depot.ecrire('un', en('onze octets'));
    s3.seTaire = true;
    const lire = async (): Promise<void> => {
      for await (const octets of await depot.lire('un')) expect(octets.byteLength).toBe(1);
    };
    await expect(lire()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('that knows neither the key nor the bucket is unavailable, which is no missing file', async () => {
    for (const mots of [{ accessKeyId: 'autre' }, { bucket: 'autre' }]) await expect(ouvrirS3(mots).ecrire('un', en('x'))).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(ouvrirS3({ accessKeyId: 'autre' }).lire('un')).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
