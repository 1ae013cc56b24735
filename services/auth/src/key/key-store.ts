import { appendActe } from '../audit/audit-store.ts';
import { throwingUnavailable } from '@mediai/db';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { PublicJwk, StoredKey } from './signing-key.ts';

export type KeyStore = {
  /** Every key, oldest first. */
  all: () => Promise<StoredKey[]>;
  /** Stores the key `make` gives unless one already signs; of replicas that start together one makes it. */
  ensure: (make: () => Promise<StoredKey>) => Promise<void>;
};

const ensureLock = 7_306_001;

/** Signing keys in PostgreSQL. */
export function createKeyStore(db: PrismaClient): KeyStore {
  return throwingUnavailable({
    async all() {
      const rows = await db.signingKey.findMany({ orderBy: { created_at: 'asc' } });
      return rows.map(({ kid, public_jwk, private_key, created_at, retired_at }) => ({
        kid, publicJwk: public_jwk as PublicJwk, privateKey: private_key, createdAt: created_at, retiredAt: retired_at,
      }));
    },
    async ensure(make) {
      await db.$transaction(
        async (tx) => {
          await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ensureLock})`;
          if (await tx.signingKey.findFirst({ where: { retired_at: null }, select: { kid: true } })) return;
          const { kid, publicJwk, privateKey, createdAt, retiredAt } = await make();
          await tx.signingKey.create({
            data: { kid, public_jwk: publicJwk, private_key: Buffer.from(privateKey), created_at: createdAt, retired_at: retiredAt },
          });
          await appendActe(tx, { acteurId: null, acteurRole: 'service', action: 'cle.creation', objetType: 'signing_key', objetId: kid, etablissementId: null, issue: 'ok' });
        },
        { timeout: 30_000, maxWait: 10_000 },
      );
    },
  });
}
