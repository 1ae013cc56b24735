import type { Config } from '../config.ts';
import { createDisque } from './disque-client.ts';
import type { DepotFichiers } from './ports.ts';
import { createS3 } from './s3-client.ts';

type Choix = Pick<Config, 'CONSULTATION_FICHIERS_DIR' | 'S3_BUCKET' | 'S3_REGION' | 'S3_ACCESS_KEY_ID' | 'S3_SECRET_ACCESS_KEY' | 'S3_ENDPOINT' | 'S3_PATH_STYLE'>;

/** The store of files that the configuration names: S3 where there is a bucket, else a folder of this machine. */
export function openDepot(config: Choix): DepotFichiers & { fermer?: () => Promise<void> } {
  const { S3_BUCKET: bucket, S3_REGION: region, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = config;
  if (bucket && region && accessKeyId && secretAccessKey) return createS3({ bucket, region, accessKeyId, secretAccessKey, endpoint: config.S3_ENDPOINT, pathStyle: config.S3_PATH_STYLE });
  return createDisque({ dossier: config.CONSULTATION_FICHIERS_DIR ?? '' });
}
