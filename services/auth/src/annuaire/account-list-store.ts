import { throwingUnavailable } from '@mediai/db';
import { enCompte, profondeurMax, rangDe, type Compte, type Page } from '@mediai/kit/page';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { accountInclude, toAccount } from '../account/account-row-store.ts';
import type { Account, AccountRole } from '../account/account.ts';
import type { Search } from './search.ts';

export type AccountFilter = Page & {
  etablissementId?: number;
  role?: AccountRole;
  search?: Search;
  /** Only active accounts that are approved. */
  ouverts?: boolean;
  available?: boolean;
  /** Part of the specialty, folded. */
  specialty?: string;
  /** `recent`: newest first; `nom`: by last name, then first name, without regard to case and accents. */
  ordre: 'recent' | 'nom';
};

export type AccountPage = Compte & { accounts: Account[] };

export type AccountListStore = {
  /** A page of the accounts that are not deleted. */
  list: (filter: AccountFilter) => Promise<AccountPage>;
  /** A text that any change of a médecin's account of an établissement makes another one (a login is none). */
  empreinteMedecins: (etablissementId: number) => Promise<string>;
};

/** Pages of accounts in PostgreSQL; the number of queries does not depend on what is found. */
export function createAccountListStore(db: PrismaClient): AccountListStore {
  return throwingUnavailable({
    async list(filter) {
      const from = Prisma.sql`FROM users u LEFT JOIN medecin_profile m ON m.user_id = u.id WHERE ${Prisma.join(conditions(filter), ' AND ')}`;
      const [found, [total]] = await Promise.all([
        db.$queryRaw<{ id: number }[]>`SELECT u.id ${from} ORDER BY ${orders[filter.ordre]} LIMIT ${filter.pageSize}::int OFFSET ${rangDe(filter)}::int`,
        db.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count FROM (SELECT 1 ${from} LIMIT ${profondeurMax + 1}::int) AS found`,
      ]);
      const rows = await db.user.findMany({ where: { id: { in: found.map(({ id }) => id) } }, include: accountInclude });
      const byId = new Map(rows.map((row) => [row.id, toAccount(row)]));
      return { accounts: found.flatMap(({ id }) => byId.get(id) ?? []), ...enCompte(total?.count ?? 0) };
    },
    async empreinteMedecins(etablissementId) {
      const [row] = await db.$queryRaw<{ empreinte: string | null }[]>`
        SELECT md5(string_agg(id || '.' || version, ',' ORDER BY id)) AS empreinte FROM users WHERE etablissement_id = ${etablissementId}::int AND role = 'medecin' AND deleted_at IS NULL`;
      return row?.empreinte ?? '';
    },
  });
}

/** The same as `fold` of search.ts. No index serves it: an établissement's accounts are thousands, and counting stops at 10 001. */
function folded(text: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`lower(regexp_replace(normalize(${text}, NFKD), '[\u0300-\u036F]', '', 'g'))`;
}

const orders = {
  recent: Prisma.sql`u.date_joined DESC, u.id DESC`,
  nom: Prisma.sql`${folded(Prisma.sql`u.last_name`)}, ${folded(Prisma.sql`u.first_name`)}, u.id`,
};

function conditions({ etablissementId, role, search, ouverts, available, specialty }: AccountFilter): Prisma.Sql[] {
  return [
    Prisma.sql`u.deleted_at IS NULL`,
    ...(etablissementId === undefined ? [] : [Prisma.sql`u.etablissement_id = ${etablissementId}::int`]),
    ...(role === undefined ? [] : [Prisma.sql`u.role = ${role}::text`]),
    ...(ouverts ? [Prisma.sql`u.is_active AND (u.role <> 'medecin' OR m.is_approved)`] : []),
    ...(available === undefined ? [] : [Prisma.sql`m.is_available = ${available}::bool`]),
    ...(specialty === undefined ? [] : [Prisma.sql`strpos(${folded(Prisma.sql`m.specialty`)}, ${specialty}::text) > 0`]),
    ...(search === undefined ? [] : [found(search)]),
  ];
}

/** Every word somewhere in the texts, or the whole search is the phone. No LIKE: nothing in a word has a meaning to SQL. */
function found({ mots, telephone, avecTelephone }: Search): Prisma.Sql {
  const texts = Prisma.sql`concat_ws(' ', u.username, u.first_name, u.last_name, u.email${avecTelephone ? Prisma.sql`, u.phone` : Prisma.empty})`;
  const words = Prisma.join(mots.map((mot) => Prisma.sql`strpos(${folded(texts)}, ${mot}::text) > 0`), ' AND ');
  return telephone === undefined ? words : Prisma.sql`((${words}) OR u.phone = ${telephone}::text)`;
}
