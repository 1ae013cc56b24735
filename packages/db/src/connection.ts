import pg from 'pg';

/** The same server and credentials, another database (and other credentials, when given). */
export function withDatabase(url: string, database: string, credentials?: { user: string; password: string }): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  if (credentials) {
    changed.username = encodeURIComponent(credentials.user);
    changed.password = encodeURIComponent(credentials.password);
  }
  return changed.toString();
}

/** Run `work` on a connection of its own, which is closed whatever happens. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export const quoteIdentifier = pg.escapeIdentifier;
export const quoteLiteral = pg.escapeLiteral;
