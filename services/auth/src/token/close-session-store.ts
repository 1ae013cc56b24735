import { throwingUnavailable } from '@mediai/db';
import type { Acte } from '../audit/acte.ts';
import { appendActe } from '../audit/audit-store.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Idempotence, Once } from '../idempotence/idempotence.ts';
import type { RunOnce } from '../idempotence/idempotence-store.ts';
import { findToken, locked, revokeFamily, type FoundToken } from './session-store.ts';

export type CloseSessionStore = {
  /**
   * Revokes the family of a refresh token, alone in it for the while. `judge` is pure: it is given what the token is worth
   * at `at`, and returns the line of the audit or throws, by which nothing is done and the idempotency key stays free.
   */
  close: (hash: Uint8Array<ArrayBuffer>, at: Date, judge: (found: FoundToken | undefined) => { familyId: string; acte: Acte }, idempotence?: Idempotence<void>) => Promise<Once<void>>;
};

/** Ends sessions in PostgreSQL. */
export function createCloseSessionStore(db: PrismaClient, runOnce: RunOnce): CloseSessionStore {
  return throwingUnavailable({
    close: (hash, at, judge, idempotence) =>
      db.$transaction((tx) =>
        runOnce(tx, idempotence, async () => {
          const { familyId, acte } = judge(await findToken(tx, hash, at, locked));
          await revokeFamily(tx, familyId, 'deconnexion', at);
          await appendActe(tx, acte);
        }),
      ),
  });
}
