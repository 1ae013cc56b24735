import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { depotIndisponible, exigerCle, fichierIntrouvable, type DepotFichiers, type Octets } from './ports.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;
/** Begun files; no key begins with a dot. */
const COMMENCES = '.commences';
const PIECE_OCTETS = 64 * 1024;

/**
 * Files in a folder of this machine (0700, its files 0600): written beside, synced, then renamed, so that under a key
 * lies a whole file or none, whatever happens. No symbolic link below the folder is followed.
 */
export function createDisque({ dossier }: { dossier: string }): DepotFichiers {
  const racine = async (): Promise<string> => {
    await mkdir(dossier, { recursive: true, mode: 0o700 });
    return realpath(dossier); // the folder itself may be a link: whoever configured it meant where it leads
  };

  return {
    ecrire: async (cle, contenu) => {
      const parties = exigerCle(cle);
      const base = await surDisque(racine);
      const commence = join(base, COMMENCES, `${parties.join('~')}~${randomUUID()}`);
      const fin = join(base, ...parties);
      try {
        const taille = await surDisque(async () => {
          await ouvrirDossiers(base, [COMMENCES]);
          await ouvrirDossiers(base, parties.slice(0, -1));
        }).then(() => verser(commence, contenu));
        await surDisque(() => rename(commence, fin).then(() => synchroniser(dirname(fin))));
        return { taille };
      } catch (thrown) {
        await rm(commence, { force: true });
        throw thrown;
      }
    },
    async lire(cle) {
      const parties = exigerCle(cle);
      const base = await surDisque(racine);
      const chemin = join(base, ...parties);
      await surDisque(() => exigerSansLien(base, parties));
      return lireFichier(chemin);
    },
    async supprimer(cle) {
      const parties = exigerCle(cle);
      const base = await surDisque(racine);
      await surDisque(async () => {
        const commences = await readdir(join(base, COMMENCES)).catch(siAbsent([]));
        for (const nom of commences.filter((nom) => nom.startsWith(`${parties.join('~')}~`))) await unlink(join(base, COMMENCES, nom)).catch(siAbsent(undefined));
        await exigerSansLien(base, parties.slice(0, -1)).then(() => unlink(join(base, ...parties))).catch(siAbsent(undefined));
      });
    },
  };
}

/** Makes the folders that are not there, each of them a real one. */
async function ouvrirDossiers(base: string, parties: string[]): Promise<void> {
  for (let i = 1; i <= parties.length; i++) await mkdir(join(base, ...parties.slice(0, i)), { mode: 0o700 }).catch(siExiste);
  await exigerSansLien(base, parties);
}

/** @throws ENOENT where a part is missing or is a symbolic link */
async function exigerSansLien(base: string, parties: string[]): Promise<void> {
  for (let i = 1; i <= parties.length; i++) {
    const etat = await lstat(join(base, ...parties.slice(0, i)));
    if (etat.isSymbolicLink()) throw Object.assign(new Error('a symbolic link lies in the store'), { code: 'ENOENT' });
  }
}

/** Writes a new file and syncs it; the source's errors pass as they are. */
async function verser(chemin: string, contenu: Octets): Promise<number> {
  const fichier = await surDisque(() => open(chemin, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600));
  let taille = 0;
  try {
    for await (const octets of contenu) {
      await surDisque(() => fichier.writeFile(octets));
      taille += octets.byteLength;
    }
    await surDisque(() => fichier.sync());
  } finally {
    await fichier.close();
  }
  return taille;
}

async function synchroniser(dossier: string): Promise<void> {
  const ouvert = await open(dossier, O_RDONLY);
  try {
    await ouvert.sync();
  } finally {
    await ouvert.close();
  }
}

/** Opened when the first piece is asked for: what nobody reads holds nothing open. */
async function* lireFichier(chemin: string): AsyncGenerator<Uint8Array> {
  const fichier = await surDisque(() => open(chemin, O_RDONLY | O_NOFOLLOW));
  try {
    while (true) {
      const { bytesRead, buffer } = await surDisque(() => fichier.read(Buffer.allocUnsafe(PIECE_OCTETS), 0, PIECE_OCTETS));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await fichier.close();
  }
}

const codeDe = (thrown: unknown): unknown => (thrown as NodeJS.ErrnoException | undefined)?.code;

const siAbsent = <T>(valeur: T) => (thrown: unknown): T => {
  if (codeDe(thrown) === 'ENOENT' || codeDe(thrown) === 'ENOTDIR') return valeur;
  throw thrown;
};

function siExiste(thrown: unknown): void {
  if (codeDe(thrown) !== 'EEXIST') throw thrown;
}

/** What the file system refuses, as the suite's errors. */
async function surDisque<T>(acte: () => Promise<T>): Promise<T> {
  return acte().catch((thrown: unknown) => {
    throw ['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR'].includes(String(codeDe(thrown))) ? fichierIntrouvable() : depotIndisponible(thrown);
  });
}
