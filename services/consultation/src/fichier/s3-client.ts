import type * as Sdk from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { depotIndisponible, exigerCle, fichierIntrouvable, type DepotFichiers, type Octets } from './ports.ts';

export type S3Options = {
  /** Of an S3-compatible store; AWS itself without it. */
  endpoint?: string | undefined;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  pathStyle: boolean;
  /** How long the store may say nothing of a file that it has begun to send, in milliseconds; two minutes unless given, for slow readers are waited for. */
  silenceMs?: number;
};

/** The least a part of a multipart upload may hold; of a file one part at a time is in memory. */
const PARTIE_OCTETS = 5 * 1024 * 1024;
const CONNEXION_MS = 3_000;
const REPONSE_MS = 30_000;
const SILENCE_MS = 120_000;

/**
 * Files in a bucket of S3 or of what speaks like it. The SDK is loaded with the first file. Every wait is bounded; an
 * upload that fails is aborted, so that no part stays.
 */
export function createS3({ endpoint, bucket, region, accessKeyId, secretAccessKey, pathStyle, silenceMs = SILENCE_MS }: S3Options): DepotFichiers & { fermer: () => Promise<void> } {
  let ouvert: Promise<{ sdk: typeof Sdk; client: Sdk.S3Client }> | undefined;
  const ouvrir = () =>
    (ouvert ??= import('@aws-sdk/client-s3').then((sdk) => ({
      sdk,
      client: new sdk.S3Client({
        endpoint,
        region,
        forcePathStyle: pathStyle,
        credentials: { accessKeyId, secretAccessKey },
        maxAttempts: 3,
        requestHandler: { connectionTimeout: CONNEXION_MS, requestTimeout: REPONSE_MS, throwOnRequestTimeout: true, socketTimeout: silenceMs },
        // Other stores than AWS do not know its newer check sums.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
      }),
    })));
  const objet = (cle: string) => ({ Bucket: bucket, Key: exigerCle(cle).join('/') });

  return {
    async ecrire(cle, contenu) {
      const params = objet(cle);
      const { client } = await ouvrir();
      const { Upload } = await import('@aws-sdk/lib-storage');
      const source = compter(contenu);
      const upload = new Upload({ client, params: { ...params, Body: Readable.from(source.octets) }, queueSize: 1, partSize: PARTIE_OCTETS, leavePartsOnError: false });
      await upload.done().catch((thrown: unknown) => {
        throw source.faute ? source.faute.thrown : depotIndisponible(thrown);
      });
      return { taille: source.taille };
    },
    async lire(cle) {
      const params = objet(cle);
      const { sdk, client } = await ouvrir();
      await client.send(new sdk.HeadObjectCommand(params)).catch(enErreur);
      return lireObjet(() => client.send(new sdk.GetObjectCommand(params)));
    },
    async supprimer(cle) {
      const params = objet(cle);
      const { sdk, client } = await ouvrir();
      await abandonner(sdk, client, params);
      await client.send(new sdk.DeleteObjectCommand(params)).catch(enErreur);
    },
    fermer: async () => (await ouvert)?.client.destroy(),
  };
}

/** Ends the uploads of a key that a process which is no more has begun. */
async function abandonner(sdk: typeof Sdk, client: Sdk.S3Client, { Bucket, Key }: { Bucket: string; Key: string }): Promise<void> {
  const { Uploads = [] } = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: Key })).catch(enErreur);
  for (const { Key: cle, UploadId } of Uploads) if (cle === Key && UploadId) await client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(enErreur);
}

/** Counts the bytes of a source, and keeps what it throws: the SDK may wrap it. */
function compter(contenu: Octets) {
  const source = { taille: 0, faute: undefined as { thrown: unknown } | undefined, octets: lire() };
  return source;
  async function* lire(): AsyncGenerator<Buffer> {
    try {
      for await (const octets of contenu) {
        source.taille += octets.byteLength;
        yield Buffer.from(octets);
      }
    } catch (thrown) {
      source.faute = { thrown };
      throw thrown;
    }
  }
}

/** Asked for when the first piece is: what nobody reads holds no connection. */
async function* lireObjet(demander: () => Promise<{ Body?: unknown }>): AsyncGenerator<Uint8Array> {
  const { Body } = await demander().catch(enErreur);
  try {
    for await (const octets of Body as Readable) yield octets as Uint8Array;
  } catch (thrown) {
    throw depotIndisponible(thrown);
  }
}

function enErreur(thrown: unknown): never {
  const { name, $metadata } = (thrown ?? {}) as { name?: string; $metadata?: { httpStatusCode?: number } };
  throw name === 'NoSuchKey' || name === 'NotFound' || ($metadata?.httpStatusCode === 404 && name !== 'NoSuchBucket') ? fichierIntrouvable() : depotIndisponible(thrown);
}
