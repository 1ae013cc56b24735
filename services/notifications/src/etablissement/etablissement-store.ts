import { EtablissementChangedSchema } from '@mediai/contracts/auth/v1/events';
import { on, type EventHandler } from '@mediai/events';
import { throwingUnavailable } from '@mediai/db';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** Lubumbashi's, where the first établissement is; used until auth has told another. */
const defaultZone = 'Africa/Lubumbashi';

/** The zones of établissements, as auth's topic told them. */
export function createEtablissementStore(db: PrismaClient) {
  return {
    ...throwingUnavailable({
      async zoneOf(id: number): Promise<string> {
        const row = await db.etablissementProjection.findUnique({ where: { id }, select: { fuseau: true } });
        return row?.fuseau ?? defaultZone;
      },
    }),
    /** Handlers that keep them; versions make them repeatable. */
    projection: Object.fromEntries<EventHandler>([
      on(EtablissementChangedSchema, async ({ id, fuseau, version }) => {
        if (!isZone(fuseau)) return;
        await db.$executeRawUnsafe(
          `INSERT INTO etablissement_projection AS present (id, fuseau, version) VALUES ($1::int, $2, $3::int)
           ON CONFLICT (id) DO UPDATE SET fuseau = excluded.fuseau, version = excluded.version, updated_at = now() WHERE present.version < excluded.version`,
          id, fuseau, version,
        );
      }),
    ]),
  };
}

function isZone(fuseau: string): boolean {
  try {
    return new Intl.DateTimeFormat('fr', { timeZone: fuseau }).resolvedOptions().timeZone !== '';
  } catch {
    return false; // RangeError: no zone of that name
  }
}
