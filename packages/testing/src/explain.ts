import { sessionOptions } from '@mediai/db';
import { withClient } from '@mediai/db/admin';

type Noeud = { 'Node Type': string; 'Index Name'?: string; 'Actual Rows': number; 'Actual Loops': number; 'Rows Removed by Filter'?: number; 'Rows Removed by Index Recheck'?: number; Plans?: Noeud[] };

/** `lues`: rows that the scans read; `chemins`: the indexes they went by; `entieres`: tables that were read from end to end. */
export type Plan = { lues: number; chemins: string[]; entieres: string[] };

/** The same address, whose sessions have the settings of the services'. */
export function asServices(url: string): string {
  const address = new URL(url);
  address.searchParams.set('options', sessionOptions);
  return address.href;
}

/**
 * Runs a query as the services do and tells how it was answered.
 * @param url the owner's, or the app's
 */
export async function explain(url: string, text: string, values: readonly unknown[] = []): Promise<Plan> {
  const plan = await withClient(asServices(url), async (client) => (await client.query<{ 'QUERY PLAN': [{ Plan: Noeud }] }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values as unknown[])).rows[0]!['QUERY PLAN'][0].Plan);
  const noeuds: Noeud[] = [];
  for (const reste = [plan]; reste.length > 0; ) {
    const noeud = reste.pop()!;
    noeuds.push(noeud);
    reste.push(...(noeud.Plans ?? []));
  }
  const scans = noeuds.filter((noeud) => noeud['Node Type'].includes('Scan') && noeud['Node Type'] !== 'Subquery Scan');
  const lues = scans.reduce((somme, noeud) => somme + (noeud['Actual Rows'] + (noeud['Rows Removed by Filter'] ?? 0) + (noeud['Rows Removed by Index Recheck'] ?? 0)) * noeud['Actual Loops'], 0);
  return { lues, chemins: scans.flatMap((noeud) => noeud['Index Name'] ?? []).sort(), entieres: scans.filter((noeud) => noeud['Node Type'] === 'Seq Scan').map(String) };
}

/**
 * Leaves a table's statistics as they are gathered by who fills it: autovacuum, which comes when it likes, would change a
 * plan between two questions.
 * @param url the owner's
 */
export async function keepStatistics(url: string, table: string): Promise<void> {
  await withClient(url, (client) => client.query(`ALTER TABLE "${table.replaceAll('"', '""')}" SET (autovacuum_enabled = false)`));
}

/**
 * How often PostgreSQL planned a statement that is asked again and again on one connection: 5 times, the ones that it
 * compares with, where it then keeps the plan.
 * @param url the owner's, or the app's
 */
export async function countPlans(url: string, text: string, values: readonly unknown[], times: number): Promise<number> {
  return withClient(asServices(url), async (client) => {
    for (let i = 0; i < times; i++) await client.query({ name: 'asked', text, values: values as unknown[] });
    return Number((await client.query("SELECT custom_plans FROM pg_prepared_statements WHERE name = 'asked'")).rows[0].custom_plans);
  });
}
