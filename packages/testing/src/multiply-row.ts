import { withClient } from '@mediai/db/admin';

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Fills a table with copies of one row, in one statement, and gathers its statistics: what a large table does to a plan
 * or a time can then be seen within seconds.
 * @param url the owner's: statistics are gathered too
 * @param ecarts columns that differ, as SQL over `g`, the number of the copy from 1; `id` must be among the defaults or here
 */
export async function multiplyRow(url: string, { table, where, count, ecarts }: { table: string; where: string; count: number; ecarts: Readonly<Record<string, string>> }): Promise<void> {
  await withClient(url, async (client) => {
    // Of a commit that is not on the disk yet VACUUM does not know that all may see it, and plans would depend on the moment.
    await client.query('SET synchronous_commit = on');
    const { rows } = await client.query<{ column_name: string }>("SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position", [table]);
    const columns = rows.map(({ column_name: name }) => name).filter((name) => name !== 'id' || ecarts['id'] !== undefined);
    const values = columns.map((name) => ecarts[name] ?? `modele.${identifier(name)}`);
    await client.query(`INSERT INTO ${identifier(table)} (${columns.map(identifier).join(', ')}) SELECT ${values.join(', ')} FROM (SELECT * FROM ${identifier(table)} WHERE ${where} LIMIT 1) AS modele, generate_series(1, ${count}) AS g`);
    for (const command of ['ANALYZE', 'VACUUM']) await client.query(`${command} ${identifier(table)}`);
  });
}
