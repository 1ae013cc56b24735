import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import pg from 'pg';
import { Failure } from '../failure.ts';

/** What a query object of node-postgres may be told; the message that ends it is ReadyForQuery. */
type Connection = { query: (sql: string) => void; stream: { pause: () => void; resume: () => void } };
type CopyData = { chunk: Buffer };

export type BaseBackup = {
  /** The cluster's files as a tar, the write-ahead log that makes them consistent included, read as it comes. */
  archive: Readable;
  /** The server's own list of these files with their SHA-256, as JSON; resolves after the archive has ended. */
  manifest: Promise<Buffer>;
  close: () => Promise<void>;
};

/** In `n` messages a new archive begins, in `m` the manifest, `d` carries bytes of either, `p` progress (PostgreSQL, Streaming Replication Protocol, BASE_BACKUP). */
const kinds = { archive: 0x6e, manifest: 0x6d, data: 0x64 };

/**
 * An online base backup over the replication protocol: the server itself leaves out what does not belong in one, holds
 * the write-ahead log back until it has sent it, and checks the checksums of its pages.
 * @param url a superuser's, whose `pg_hba.conf` lets it replicate
 * @throws Failure where the server refuses it; the archive's stream fails with what ended it later
 */
export async function takeBaseBackup(url: string): Promise<BaseBackup> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, replication: 'true', application_name: 'mediai-backup' } as pg.ClientConfig);
  client.on('error', () => undefined); // the stream tells it
  try {
    await client.connect();
    // Held by this connection: until it ends the server removes no log that the backup needs.
    await client.query(`CREATE_REPLICATION_SLOT "mediai_backup_${randomBytes(6).toString('hex')}" TEMPORARY PHYSICAL (RESERVE_WAL true)`);
  } catch (error) {
    await client.end().catch(() => undefined); // never connected: nothing to close
    throw new Failure(`PostgreSQL does not give a base backup (${(error as Error).message}): its pg_hba.conf must let this user replicate, and max_wal_senders must be above 0.`);
  }
  const { archive, manifest, submittable } = receive("BASE_BACKUP (LABEL 'mediai', CHECKPOINT 'fast', WAL true, WAIT true, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256', PROGRESS false)");
  client.query(submittable as unknown as pg.Submittable);
  return { archive, manifest, close: () => client.end() };
}

function receive(sql: string) {
  const manifest = Promise.withResolvers<Buffer>();
  manifest.promise.catch(() => undefined); // whoever reads the archive learns it first
  const pieces: Buffer[] = [];
  let connection: Connection | undefined;
  let archives = 0;
  let isManifest = false;
  const archive = new Readable({ highWaterMark: 1_000_000, read: () => connection?.stream.resume() });

  function fail(error: Error): void {
    manifest.reject(error);
    archive.destroy(error);
  }

  function take({ chunk }: CopyData): void {
    if (chunk[0] === kinds.archive && (archives += 1) > 1) return fail(new Failure('PostgreSQL has tablespaces outside of its data directory, which this backup does not know.'));
    if (chunk[0] === kinds.manifest) {
      isManifest = true;
      archive.push(null);
      connection?.stream.resume(); // an archive that has ended asks for nothing more
    }
    if (chunk[0] !== kinds.data) return;
    if (isManifest) pieces.push(Buffer.from(chunk.subarray(1)));
    else if (!archive.push(Buffer.from(chunk.subarray(1)))) connection?.stream.pause();
  }

  const nothing = () => undefined;
  const submittable = {
    submit(given: Connection) {
      connection = given;
      given.query(sql);
    },
    handleCopyData: take,
    handleError: fail,
    handleReadyForQuery: () => manifest.resolve(Buffer.concat(pieces)),
    handleRowDescription: nothing, handleDataRow: nothing, handleCommandComplete: nothing, handleEmptyQuery: nothing, handlePortalSuspended: nothing, handleCopyInResponse: nothing,
  };
  return { archive: archive as Readable & ReadableStream, manifest: manifest.promise, submittable };
}
