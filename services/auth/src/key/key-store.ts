import { throwingUnavailable } from '@mediai/db';
import { acteDuService } from '../audit/acte.ts';
import { appendActe } from '../audit/audit-store.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { PublicJwk, StoredKey } from './signing-key.ts';

export type KeyChange = {
  add?: StoredKey;
  /** When those that have no end yet stop signing; absent: they go on. */
  retireOthersAt?: Date;
  /** Keys to forget, by `kid`. */
  remove?: string[];
  /** Why, for the audit: premiere, commande, calendrier, compromission or perimee. */
  raison: string;
};

export type KeyStore = {
  /** Every key, in the order in which they sign. */
  all: () => Promise<StoredKey[]>;
  /** Does what `decide` says of all keys, one at a time among all replicas, audited; nothing when it says nothing. Returns what was done. */
  update: (decide: (keys: StoredKey[]) => Promise<KeyChange | undefined>) => Promise<KeyChange | undefined>;
};

const updateLock = 7_306_001;

/** Signing keys in PostgreSQL. */
export function createKeyStore(db: PrismaClient): KeyStore {
  return throwingUnavailable({
    all: () => readAll(db),
    update: (decide) =>
      db.$transaction(
        async (tx) => {
          await tx.$executeRaw`SELECT pg_advisory_xact_lock(${updateLock})`;
          const change = await decide(await readAll(tx));
          if (change) await apply(tx, change);
          return change;
        },
        { timeout: 30_000, maxWait: 10_000 },
      ),
  });
}

async function apply(tx: Prisma.TransactionClient, { add, retireOthersAt, remove = [], raison }: KeyChange): Promise<void> {
  if (remove.length > 0) await tx.signingKey.deleteMany({ where: { kid: { in: remove } } });
  if (retireOthersAt) await tx.signingKey.updateMany({ where: { retired_at: null }, data: { retired_at: retireOthersAt } });
  if (add) await tx.signingKey.create({ data: toRow(add), select: { kid: true } });
  for (const kid of remove) await audit(tx, 'cle.retrait', kid, raison);
  if (add) await audit(tx, 'cle.creation', add.kid, raison);
}

function audit(tx: Prisma.TransactionClient, action: string, kid: string, raison: string): Promise<void> {
  return appendActe(tx, acteDuService({ action, objetType: 'signing_key', objetId: kid, etablissementId: null, raison }));
}

async function readAll(tx: Prisma.TransactionClient): Promise<StoredKey[]> {
  const rows = await tx.signingKey.findMany({ orderBy: [{ signs_from: 'asc' }, { created_at: 'asc' }] });
  return rows.map(({ kid, public_jwk, private_key, created_at, signs_from, retired_at }) => ({
    kid, publicJwk: public_jwk as PublicJwk, privateKey: private_key, createdAt: created_at, signsFrom: signs_from, retiredAt: retired_at,
  }));
}

function toRow({ kid, publicJwk, privateKey, createdAt, signsFrom, retiredAt }: StoredKey): Prisma.SigningKeyCreateInput {
  return { kid, public_jwk: publicJwk, private_key: Buffer.from(privateKey), created_at: createdAt, signs_from: signsFrom, retired_at: retiredAt };
}
