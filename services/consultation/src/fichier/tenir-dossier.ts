import type { HeldLock, HoldLockOptions } from '@mediai/db';
import { AppError } from '@mediai/kit/errors';
import type { Config } from '../config.ts';

/** Advisory lock of the replica whose folder holds the files, within consultation's database. */
const verrou = 7_305_020;
/** A predecessor that was told to stop has this long to end. */
const attenteMs = 60_000;

type Needs = {
  config: Pick<Config, 'MEDIAI_MODE' | 'CONSULTATION_FICHIERS_DIR' | 'S3_BUCKET' | 'DATABASE_URL'>;
  holdLock: (options: HoldLockOptions) => Promise<HeldLock | undefined>;
  attente?: number;
};

const dossierTenu = (): AppError => new AppError('conflict', 'fichier.dossier_tenu', "Un autre exemplaire de consultation tient le dossier des fichiers.");

/**
 * In production a folder of files belongs to one replica, for no other would see what lies in it: who starts holds a lock
 * of the database until the process ends. A store that speaks S3 is anybody's.
 * @returns what to call at the end; nothing where there is nothing to hold
 * @throws AppError conflict `fichier.dossier_tenu` when another replica holds the folder; what the database throws
 */
export function createTenirDossier({ config, holdLock, attente = attenteMs }: Needs) {
  return async (onPerdu: (reason: AppError) => void): Promise<HeldLock | undefined> => {
    if (config.MEDIAI_MODE !== 'production' || config.S3_BUCKET !== undefined || config.CONSULTATION_FICHIERS_DIR === undefined) return undefined;
    const tenu = await holdLock({ databaseUrl: config.DATABASE_URL, lock: verrou, name: 'mediai-consultation-fichiers', waitMs: attente, onLost: () => onPerdu(dossierTenu()) });
    if (!tenu) throw dossierTenu();
    return tenu;
  };
}
